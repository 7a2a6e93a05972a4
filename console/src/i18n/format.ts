// Dates, numbers and durations in the reader's language, all by Intl.
import { useTranslation } from "react-i18next";
import { parseDuration, type Unit } from "./duration";

const SECOND = 1000;
const STEPS: [Unit, number][] = [
  ["day", 86_400 * SECOND],
  ["hour", 3_600 * SECOND],
  ["minute", 60 * SECOND],
  ["second", SECOND],
];

/** Make each format once: that takes a hundred times as long as to use it. */
function kept<Given extends string[], Format>(make: (...given: Given) => Format) {
  const made = new Map<string, Format>();
  return (...given: Given): Format => {
    const key = given.join(" ");
    const found = made.get(key) ?? make(...given);
    made.set(key, found);
    return found;
  };
}

const units = kept(
  (language: string, unit: Unit) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }),
);

// By the offset to UTC too: who travels has another time zone.
const dateTimes = kept(
  (language: string, _offset: string) =>
    new Intl.DateTimeFormat(language, {
      year: "numeric",
      month: "short",
      day: "numeric",
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
    }),
);

export function unit(language: string, count: number, of: Unit): string {
  return units(language, of).format(count);
}

/** The two largest units: "6 days 3 hours"; within the last hour minutes and seconds. */
export function span(language: string, milliseconds: number): string {
  let rest = Math.max(0, milliseconds);
  const first = STEPS.findIndex(([, size]) => rest >= size);
  if (first < 0) return unit(language, 0, "second");
  const parts = STEPS.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { name, count };
  });
  return parts
    .filter(({ count }, index) => count > 0 || index === 0)
    .map(({ name, count }) => unit(language, count, name))
    .join(" ");
}

/** "P7D" → "7 days". */
export function duration(language: string, text: string): string {
  const parts = parseDuration(text).map(({ unit: name, count }) => unit(language, count, name));
  return parts.join(" ") || unit(language, 0, "second");
}

export function dateTime(language: string, text: string | number): string {
  const at = new Date(text);
  return dateTimes(language, `${at.getTimezoneOffset()}`).format(at);
}

export function date(language: string, text: string | number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(text));
}

/** A day of a calendar, as YYYY-MM-DD, that no time zone moves. */
export function wholeDay(language: string, text: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(text));
}

/** "Saturday, 28 November"; with the year where it is another one. */
export function day(language: string, text: string | number): string {
  const at = new Date(text);
  const thisYear = at.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(language, {
    weekday: "long",
    month: "long",
    day: "numeric",
    ...(thisYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** "in 3 days", "2 hours ago". */
export function relative(language: string, milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const [name, step] = STEPS.find(([, each]) => size >= each) ?? (["second", SECOND] as const);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return format.format(Math.trunc(milliseconds / step), name);
}

/** "1.3 MB", "12 kB". */
export function fileSize(language: string, bytes: number): string {
  const large = bytes >= 1e6;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: large ? "megabyte" : "kilobyte",
    maximumFractionDigits: 1,
  }).format(bytes / (large ? 1e6 : 1e3));
}

/** Every formatter, bound to the language on the screen. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return {
    span: (milliseconds: number) => span(language, milliseconds),
    duration: (text: string) => duration(language, text),
    dateTime: (text: string | number) => dateTime(language, text),
    date: (text: string | number) => date(language, text),
    wholeDay: (text: string) => wholeDay(language, text),
    day: (text: string | number) => day(language, text),
    relative: (milliseconds: number) => relative(language, milliseconds),
    fileSize: (bytes: number) => fileSize(language, bytes),
    number: (value: number, options?: Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(language, options).format(value),
  };
}
