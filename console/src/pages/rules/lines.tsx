// The sentences of the rules by what stands in them: a number, a duration or a choice.
import { NativeSelect, NumberInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DurationField } from "./DurationField";
import type { DurationValue } from "./durations";
import { type RulesValues, type SpanName, useRulesForm } from "./form";
import { Line } from "./Line";

const MOST = 1_000_000;

interface NumberProps {
  name: "capacity" | "dailyClaimLimit" | "lockLimit";
  /** What it becomes when it is switched on; without it, it can't be switched off. */
  start?: number;
}

export function NumberLine({ name, start }: NumberProps) {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const label = t(`field.${name}`);
  const value = form.values[name];
  const field = (wrong: string | undefined) => (
    <NumberInput
      className="sea-inline"
      aria-label={label}
      aria-describedby={wrong}
      error={wrong !== undefined}
      value={value ?? ""}
      onChange={(given) => form.setFieldValue(name, given)}
      disabled={value === null}
      max={MOST}
      clampBehavior="strict"
      allowDecimal={false}
      hideControls
      w={80}
    />
  );
  const toggle = () => form.setFieldValue(name, value === null ? (start ?? 0) : null);
  const on = start === undefined ? {} : { on: { checked: value !== null, label, toggle } };
  return <Line text={name} path={name} field={field} {...on} />;
}

interface SpanProps {
  name: SpanName;
  start: DurationValue;
}

export function SpanLine({ name, start }: SpanProps) {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  const label = t(`field.${name}`);
  const value = form.values[name];
  return (
    <Line
      text={name}
      path={name}
      on={{
        checked: value !== null,
        label,
        toggle: () => form.setFieldValue(name, value === null ? start : null),
      }}
      field={(wrong) => (
        <DurationField
          label={label}
          value={value ?? { count: "", unit: start.unit }}
          onChange={(given) => form.setFieldValue(name, given)}
          disabled={value === null}
          wrong={wrong}
        />
      )}
    />
  );
}

type Choice = { [Name in keyof RulesValues]: RulesValues[Name] extends boolean ? Name : never };

export function ChoiceLine({ name }: { name: Choice[keyof Choice] }) {
  const { t } = useTranslation("rules");
  const form = useRulesForm();
  return (
    <Line
      text={name}
      path={name}
      field={() => (
        <NativeSelect
          className="sea-inline sea-choice"
          aria-label={t(`field.${name}`)}
          value={String(form.values[name])}
          onChange={(event) => form.setFieldValue(name, event.currentTarget.value === "true")}
          data={["true", "false"].map((value) => ({ value, label: t(`choice.${name}.${value}`) }))}
        />
      )}
    />
  );
}
