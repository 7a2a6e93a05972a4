import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { DurationField } from "./DurationField";
import { useRulesForm } from "./form";
import { Wrong } from "./Line";
import { RemoveButton } from "./RemoveButton";

const MOST = 10;

export function Reminders() {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const { reminders } = form.values;
  const whole = form.errors.reminders;
  return (
    <Stack gap={4} role="group" aria-label={t("field.reminders")}>
      <Text>{t(reminders.length > 0 ? "reminders.some" : "reminders.none")}</Text>
      {reminders.map((value, index) => {
        const error = form.errors[`reminders.${index}`];
        const id = `reminder-${index}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a reminder has no other name
          <div key={index} data-path={`reminders.${index}`}>
            <Group gap={4} wrap="nowrap">
              <DurationField
                label={t("reminders.nth", { n: index + 1 })}
                value={value}
                onChange={(given) => form.setFieldValue(`reminders.${index}`, given)}
                wrong={error ? id : undefined}
              />
              <Text component="span">{t("reminders.before")}</Text>
              <RemoveButton
                label={t("reminders.remove", { n: index + 1 })}
                onClick={() => form.removeListItem("reminders", index)}
              />
            </Group>
            {error && <Wrong id={id}>{error}</Wrong>}
          </div>
        );
      })}
      {whole && <Wrong>{whole}</Wrong>}
      {reminders.length < MOST && (
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<IconPlus size={16} />}
          onClick={() => form.insertListItem("reminders", { count: 1, unit: "day" })}
          style={{ alignSelf: "flex-start" }}
        >
          {t("reminders.add")}
        </Button>
      )}
    </Stack>
  );
}
