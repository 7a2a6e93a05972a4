import { Group, Input, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
  more: string;
  from: string;
  to: string;
  errors: Record<string, string>;
  onChange: (change: { quietFrom?: string; quietTo?: string }) => void;
}

/** Two local times of the organization; both empty: no quiet hours. */
export function QuietFields({ more, from, to, errors, onChange }: Props) {
  const { t } = useTranslation("channels");
  return (
    <Input.Wrapper
      labelElement="div"
      label={t("quiet")}
      description={more}
      error={errors.quietFrom ?? errors.quietTo}
      role="group"
      aria-label={t("quiet")}
    >
      <Group gap={8} mt={4}>
        <TextInput
          type="time"
          aria-label={t("quietFrom")}
          value={from}
          error={errors.quietFrom !== undefined}
          onChange={(event) => onChange({ quietFrom: event.currentTarget.value })}
        />
        <span aria-hidden>–</span>
        <TextInput
          type="time"
          aria-label={t("quietTo")}
          value={to}
          error={errors.quietTo !== undefined}
          onChange={(event) => onChange({ quietTo: event.currentTarget.value })}
        />
      </Group>
    </Input.Wrapper>
  );
}
