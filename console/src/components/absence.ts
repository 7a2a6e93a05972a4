// Who is absent, by the days of the organization.

import { useMe } from "../app/me";
import { serverNow } from "../graphql/clock";

/** Whole days as YYYY-MM-DD, both included. */
export interface AbsenceLike {
  from: string;
  to: string;
}

/** Today in the organization's time zone, as YYYY-MM-DD. */
export function useToday(): string {
  const { timeZone } = useMe().organization;
  // The Swedish write dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(serverNow());
}

/** The absence that is under way on that day. */
export function absenceOn<Absence extends AbsenceLike>(
  absences: Absence[],
  day: string,
): Absence | undefined {
  return absences.find(({ from, to }) => from <= day && day <= to);
}
