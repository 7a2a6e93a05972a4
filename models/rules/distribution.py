"""How a pool deals its customers out by itself: to whom, in which order, how many and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.refusals import Problem
from models.rules.calendars import Calendar
from models.rules.durations import NOTHING, Span

AT_ONCE = Span.parse("PT0S")
LONGEST_WAIT = Span.parse("P366D")
# Weekends at most double a wait of working days; and there are holidays.
HOLIDAYS = timedelta(days=60)
TO_THE_SECOND = timedelta(seconds=1)


class Strategy(StrEnum):
    IN_TURN = "IN_TURN"
    LEAST_LOADED = "LEAST_LOADED"


@dataclass(frozen=True)
class Distribution:
    """`quota` is what a member gets in a day; `after`, how long a customer lies open before.

    Without members and departments it deals to all to whom the pool is open by name.
    """

    strategy: str = Strategy.IN_TURN
    quota: int | None = None
    after: Span = AT_ONCE
    members: tuple[UUID, ...] = ()
    departments: tuple[UUID, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Distribution":
        return cls(
            strategy=stored.get("strategy", Strategy.IN_TURN),
            quota=stored.get("quota"),
            after=Span.parse(stored.get("after", AT_ONCE.text)),
            members=tuple(map(UUID, stored.get("members", ()))),
            departments=tuple(map(UUID, stored.get("departments", ()))),
        )

    def opened_by(self, now: datetime, calendar: Calendar, working_days: bool) -> datetime:
        """Return the latest opening since which `after` has passed at `now`, to the second."""
        if not self.after.days:
            return now - self.after.elapsed
        # `after` never moves the later of two openings before the earlier one: halve.
        latest, late = now - 2 * self.after.length - HOLIDAYS, now
        while late - latest > TO_THE_SECOND:
            between = latest + (late - latest) / 2
            if calendar.after(between, self.after, working_days) <= now:
                latest = between
            else:
                late = between
        return latest


def distribution_problems(distribution: Distribution) -> Iterator[Problem]:
    path = "rules.distribution"
    if distribution.quota is not None and distribution.quota < 1:
        yield Problem(f"{path}.quota", "must be 1 or more; leave it out for no limit")
    if distribution.after.length < NOTHING:
        yield Problem(f"{path}.after", "must not be negative; PT0S deals at once")
    if distribution.after.length > LONGEST_WAIT.length:
        yield Problem(f"{path}.after", "must be no longer than P366D")
    named = (("memberIds", distribution.members), ("departmentIds", distribution.departments))
    for name, ids in named:
        seen: set[UUID] = set()
        for index, id in enumerate(ids):
            if id in seen:
                yield Problem(f"{path}.{name}.{index}", "duplicates an earlier entry")
            seen.add(id)
