"""The organization's time zone and its working days."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from models.rules.absences import Absences, is_absent
from models.rules.durations import DAY, Span

SATURDAY = 5


@dataclass(frozen=True, eq=False)
class Calendar:
    """`published_until`: the last year with its public holidays; None where none are observed.

    In the days of `still` no time passes: no duration counts them. Each is equal to itself alone:
    it is looked up without a look at its days.
    """

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()
    published_until: int | None = None
    still: Absences = ()

    def standing_still(self, absences: Absences) -> "Calendar":
        return _standing_still(self, absences) if absences else self

    def after(self, moment: datetime, span: Span, working_days: bool = False) -> datetime:
        """Add whole days at the same local wall time, then the elapsed time; return it in UTC."""
        moved = self._moved(moment, span.days, working_days)
        return self._later(moved, span.elapsed) if self.still else moved + span.elapsed

    def before(self, moment: datetime, span: Span, working_days: bool = False) -> datetime:
        """Subtract the elapsed time, then whole days at the same local wall time."""
        moment = _utc(moment)
        earlier = self._earlier(moment, span.elapsed) if self.still else moment - span.elapsed
        return self._moved(earlier, -span.days, working_days)

    def day_of(self, moment: datetime) -> date:
        return _utc(moment).astimezone(self.zone).date()

    def next_midnight(self, moment: datetime) -> datetime:
        return self.midnight(self.day_of(moment) + DAY)

    def midnight(self, day: date) -> datetime:
        """Return when the day begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def works_on(self, day: date) -> bool:
        if day in self.holidays:
            return False
        return day.weekday() < SATURDAY or day in self.working_weekends

    def is_published(self, year: int) -> bool:
        """Whether all public holidays of the year are known."""
        return self.published_until is None or year <= self.published_until

    def _moved(self, moment: datetime, days: int, working_days: bool) -> datetime:
        moment = _utc(moment)
        if not days:
            return moment
        local = moment.astimezone(self.zone)
        if working_days or self.still:
            days = _calendar_days(self, local.date(), days, working_days)
        # A wall time that does not exist takes the offset from before the gap: it moves forward.
        return (local + DAY * days).astimezone(UTC)

    def _later(self, moment: datetime, elapsed: timedelta) -> datetime:
        end = moment + elapsed
        for start, stop in self._gaps:
            if moment < stop and start < end:
                end += stop - max(start, moment)
        return end

    def _earlier(self, moment: datetime, elapsed: timedelta) -> datetime:
        begin = moment - elapsed
        for start, stop in reversed(self._gaps):
            if start < moment and begin < stop:
                begin -= min(stop, moment) - start
        return begin

    @cached_property
    def _gaps(self) -> list[tuple[datetime, datetime]]:
        """Return the times in which it stands still, in order."""
        return [(self.midnight(each.first), self.midnight(each.last + DAY)) for each in self.still]


@lru_cache(maxsize=4096)
def _standing_still(calendar: Calendar, absences: Absences) -> Calendar:
    """The same one for the same absences: it keeps its gaps, and what was counted by it."""
    return replace(calendar, still=absences)


@lru_cache(maxsize=65536)
def _calendar_days(calendar: Calendar, start: date, days: int, working_days: bool) -> int:
    """Return how many days of the calendar it takes until so many of them have counted."""
    step = DAY if days > 0 else -DAY
    day, left = start, abs(days)
    while left:
        day += step
        counts = calendar.works_on(day) if working_days else True
        left -= counts and not is_absent(calendar.still, day)
    return (day - start).days


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
