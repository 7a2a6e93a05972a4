// Periods of whole days in the organization's time zone: from a day on, to the end of another.
import dayjs from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import { serverNow } from "../../graphql/clock";

dayjs.extend(utc);
dayjs.extend(timezone);

/** Dates as YYYY-MM-DD, both included. */
export interface Period {
  first: string;
  last: string;
}

const DATE = "YYYY-MM-DD";

/** The last days, today included. */
export function lastDays(days: number, zone: string): Period {
  const today = dayjs(serverNow()).tz(zone);
  return {
    first: today.subtract(days - 1, "day").format(DATE),
    last: today.format(DATE),
  };
}

export function instants({ first, last }: Period, zone: string): { from: string; to: string } {
  return {
    from: dayjs.tz(first, zone).toISOString(),
    to: dayjs.tz(last, zone).add(1, "day").toISOString(),
  };
}

export function isValid({ first, last }: Period): boolean {
  return dayjs(first).isValid() && dayjs(last).isValid() && first <= last;
}
