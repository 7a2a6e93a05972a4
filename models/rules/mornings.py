"""When an organization hears of coming releases, and of which."""

from datetime import datetime, time

from models.rules.calendars import Calendar
from models.rules.durations import Span

# By the clock of the organization.
MORNING = time(8)


def morning_of(calendar: Calendar, moment: datetime) -> datetime:
    """Return MORNING of the moment's day."""
    return datetime.combine(calendar.day_of(moment), MORNING, calendar.zone)


def next_morning(calendar: Calendar, moment: datetime) -> datetime:
    """Return MORNING of the day after the moment's."""
    return morning_of(calendar, calendar.next_midnight(moment))


def told_until(calendar: Calendar, moment: datetime, span: Span, working_days: bool) -> datetime:
    """Return the last release that an alert at the moment tells of.

    It covers all of tomorrow: tomorrow's alert may be late, after releases of that day.
    """
    tomorrow_ends = calendar.next_midnight(calendar.next_midnight(moment))
    return max(calendar.after(moment, span, working_days), tomorrow_ends)
