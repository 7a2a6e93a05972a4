import { NativeSelect, NumberInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Unit } from "../../i18n/duration";
import { type DurationValue, UNITS } from "./durations";

interface Props {
  label: string;
  value: DurationValue;
  onChange: (value: DurationValue) => void;
  disabled?: boolean | undefined;
  /** The id of the words that say what is wrong. */
  wrong?: string | undefined;
}

const LONGEST_NUMBER = 99_999;

/** A number and a unit, in the middle of a sentence. */
export function DurationField({ label, value, onChange, disabled, wrong }: Props) {
  const { t } = useTranslation("rules");
  return (
    <span className="sea-inline">
      <NumberInput
        aria-label={label}
        aria-describedby={wrong}
        error={wrong !== undefined}
        value={value.count}
        onChange={(count) => onChange({ count, unit: value.unit })}
        disabled={disabled}
        min={0}
        max={LONGEST_NUMBER}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        hideControls
        w={56}
      />
      <NativeSelect
        aria-label={t("unitOf", { name: label })}
        value={value.unit}
        onChange={(event) =>
          onChange({ count: value.count, unit: event.currentTarget.value as Unit })
        }
        disabled={disabled}
        data={UNITS.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
        w={92}
      />
    </span>
  );
}
