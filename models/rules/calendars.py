"""The organization's time zone and its working days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.rules.durations import DAY, Span

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """`published_until`: the last year with its public holidays; None where none are observed."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()
    published_until: int | None = None

    def after(self, moment: datetime, span: Span, working_days: bool = False) -> datetime:
        """Add whole days at the same local wall time, then the elapsed time; return it in UTC."""
        return self._moved(moment, span.days, working_days) + span.elapsed

    def before(self, moment: datetime, span: Span, working_days: bool = False) -> datetime:
        """Subtract the elapsed time, then whole days at the same local wall time."""
        return self._moved(_utc(moment) - span.elapsed, -span.days, working_days)

    def day_of(self, moment: datetime) -> date:
        return _utc(moment).astimezone(self.zone).date()

    def next_midnight(self, moment: datetime) -> datetime:
        tomorrow = self.day_of(moment) + DAY
        return datetime.combine(tomorrow, time(), self.zone).astimezone(UTC)

    def works_on(self, day: date) -> bool:
        if day in self.holidays:
            return False
        return day.weekday() < SATURDAY or day in self.working_weekends

    def is_published(self, year: int) -> bool:
        """Whether all public holidays of the year are known."""
        return self.published_until is None or year <= self.published_until

    def _moved(self, moment: datetime, days: int, working_days: bool) -> datetime:
        if not days:
            return _utc(moment)
        local = _utc(moment).astimezone(self.zone)
        if working_days:
            days = _calendar_days(self, local.date(), days)
        # A wall time that does not exist takes the offset from before the gap: it moves forward.
        return (local + timedelta(days=days)).astimezone(UTC)


@lru_cache(maxsize=65536)
def _calendar_days(calendar: Calendar, start: date, working_days: int) -> int:
    step = DAY if working_days > 0 else -DAY
    day, left = start, abs(working_days)
    while left:
        day += step
        left -= calendar.works_on(day)
    return (day - start).days


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
