// The organization's own days over the public ones: what a click on a day does.
import type { CalendarFieldsFragment } from "../../gql/graphql";

export interface OwnDays {
  holidays: ReadonlySet<string>;
  workingWeekends: ReadonlySet<string>;
}

export function ownDays(calendar: CalendarFieldsFragment): OwnDays {
  return {
    holidays: new Set(calendar.ownHolidays),
    workingWeekends: new Set(calendar.ownWorkingWeekends),
  };
}

export function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(day).getUTCDay());
}

/** A day off without the organization's own days, as far as the API tells. */
function isPublicDayOff(calendar: CalendarFieldsFragment, day: string): boolean {
  if (calendar.ownWorkingWeekends.includes(day)) return true;
  if (calendar.ownHolidays.includes(day)) return isWeekend(day);
  if (calendar.holidays.includes(day)) return true;
  return isWeekend(day) && !calendar.workingWeekends.includes(day);
}

export function isDayOff(calendar: CalendarFieldsFragment, own: OwnDays, day: string): boolean {
  if (own.holidays.has(day)) return true;
  return !own.workingWeekends.has(day) && isPublicDayOff(calendar, day);
}

/** An own day becomes what it publicly is; another becomes the opposite. */
export function toggled(calendar: CalendarFieldsFragment, own: OwnDays, day: string): OwnDays {
  const holidays = new Set(own.holidays);
  const workingWeekends = new Set(own.workingWeekends);
  if (holidays.delete(day) || workingWeekends.delete(day)) return { holidays, workingWeekends };
  (isDayOff(calendar, own, day) ? workingWeekends : holidays).add(day);
  return { holidays, workingWeekends };
}
