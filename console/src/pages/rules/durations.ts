// A duration as a person enters it: a number and a unit.
import { parseDuration, type Unit, writeDuration } from "../../i18n/duration";

export interface DurationValue {
  /** "" while the field is empty. */
  count: number | string;
  unit: Unit;
  /** As the API wrote it, where one unit can't say it in the same way, until it is changed. */
  text?: string;
}

export const UNITS: Unit[] = ["week", "day", "hour", "minute", "second"];
const SECONDS: Record<Unit, number> = {
  week: 604_800,
  day: 86_400,
  hour: 3_600,
  minute: 60,
  second: 1,
};

export function readDuration(text: string): DurationValue {
  const parts = parseDuration(text);
  const [only] = parts;
  if (parts.length === 1 && only) return { ...only };
  const unit = parts.at(-1)?.unit ?? "day";
  const seconds = parts.reduce((sum, each) => sum + each.count * SECONDS[each.unit], 0);
  return { count: seconds / SECONDS[unit], unit, text };
}

export function isEmpty(value: DurationValue): boolean {
  return value.count === "";
}

export function sayDuration(value: DurationValue): string {
  return value.text ?? writeDuration(Number(value.count), value.unit);
}
