import { Group, Text, ThemeIcon } from "@mantine/core";
import { useTranslation } from "react-i18next";

const KINDS = {
  off: { "data-off": true },
  worked: { "data-worked": true },
  own: { "data-off": true, "data-own": true },
};

/** What the marks of the days mean. */
export function Legend() {
  const { t } = useTranslation("admin");
  return (
    <Group gap="8px 20px">
      {Object.entries(KINDS).map(([kind, marks]) => (
        <Group key={kind} gap={8}>
          <ThemeIcon className="year-day" size={26} variant="default" bd={0} {...marks} aria-hidden>
            1
          </ThemeIcon>
          <Text size="sm">{t(`calendar.legend.${kind}`)}</Text>
        </Group>
      ))}
    </Group>
  );
}
