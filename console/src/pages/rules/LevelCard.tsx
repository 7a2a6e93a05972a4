import { Group, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DurationField } from "./DurationField";
import { DEADLINES, type Deadline, useRulesForm } from "./form";
import { Line } from "./Line";
import { RemoveButton } from "./RemoveButton";

const LONGEST = 20;

export function LevelCard({ index }: { index: number }) {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const { level } = form.values.levels[index] ?? { level: "" };
  const path = `levels.${index}.level`;
  return (
    <fieldset className="sea-levels" aria-label={t("levels.of", { level })}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb={4}>
        <TextInput
          label={t("levels.name")}
          placeholder={t("levels.example")}
          maxLength={LONGEST}
          data-path={path}
          {...form.getInputProps(path)}
        />
        <RemoveButton
          label={t("levels.remove", { level })}
          onClick={() => form.removeListItem("levels", index)}
        />
      </Group>
      {DEADLINES.map((name) => (
        <LevelLine key={name} index={index} name={name} />
      ))}
    </fieldset>
  );
}

/** Switched off: as for all other customers. */
function LevelLine({ index, name }: { index: number; name: Deadline }) {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const path = `levels.${index}.${name}` as const;
  const level = form.values.levels[index];
  const value = level?.[name] ?? null;
  const start = form.values[name] ?? { count: 7, unit: "day" as const };
  const label = t("levels.field", { level: level?.level, name: t(`field.${name}`) });
  return (
    <Line
      text={name}
      path={path}
      on={{
        checked: value !== null,
        label,
        toggle: () => form.setFieldValue(path, value === null ? { ...start } : null),
      }}
      field={(wrong) => (
        <DurationField
          label={label}
          value={value ?? { count: "", unit: start.unit }}
          onChange={(given) => form.setFieldValue(path, given)}
          disabled={value === null}
          wrong={wrong}
        />
      )}
    />
  );
}
