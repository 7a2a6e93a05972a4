// ISO 8601 durations of the API: weeks, days, hours, minutes, seconds.
export type Unit = "week" | "day" | "hour" | "minute" | "second";

const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS: Unit[] = ["week", "day", "hour", "minute", "second"];

export function parseDuration(text: string): { unit: Unit; count: number }[] {
  const found = PATTERN.exec(text);
  if (!found) return [];
  return UNITS.map((unit, index) => ({ unit, count: Number(found[index + 1] ?? 0) })).filter(
    ({ count }) => count > 0,
  );
}

/** ("day", 7) → "P7D". */
export function writeDuration(count: number, unit: Unit): string {
  const letter = unit[0]?.toUpperCase();
  return unit === "week" || unit === "day" ? `P${count}${letter}` : `PT${count}${letter}`;
}

const DAYS = { week: 7, day: 1, hour: 1 / 24, minute: 1 / 1_440, second: 1 / 86_400 };

/** "PT36H" → 1.5. */
export function inDays(text: string): number {
  return parseDuration(text).reduce((sum, { unit, count }) => sum + count * DAYS[unit], 0);
}
