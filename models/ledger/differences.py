"""What differs between the ledger and a row of customer or seat: pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.ledger.life import Life
from models.rules.absences import Absences
from models.rules.calendars import Calendar
from models.rules.evaluation import Ownership, evaluate
from models.rules.rules import Rules

Row = Mapping[str, Any]
SeatKey = tuple[UUID, UUID]
LIFE = tuple(Life.__dataclass_fields__)
EVALUATED = Ownership._fields


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that `source` contradicts: the ledger, the rules or the pool."""

    what: str
    column: str
    expected: Any
    stored: Any
    source: str = "the ledger says"

    def __str__(self) -> str:
        expected, stored = _words(self.expected), _words(self.stored)
        return f"{self.what}: {self.column}: {self.source} {expected}, the table says {stored}"


@dataclass(frozen=True, slots=True)
class RulesVersion:
    rules: Rules
    ruled_at: datetime
    newest: bool


Versions = Mapping[tuple[UUID, int], RulesVersion]


def customer_differences(
    row: Row, life: Life, versions: Versions, calendar: Calendar, absences: Absences = ()
) -> Iterator[Difference]:
    """Each column that its events or its rules contradict; `absences` are its owner's."""
    what = f"customer {row['id']}"
    for column in LIFE:
        if row[column] != getattr(life, column):
            yield Difference(what, column, getattr(life, column), row[column])
    if row["owner_id"] is None:
        yield from _release_differences(what, row, (None, None))
        return
    version = versions.get((row["pool_id"], row["rules_version"]))
    if version is None:
        yield Difference(what, "rules_version", None, row["rules_version"], "the pool says")
    elif version.newest or not version.rules.working_days:
        yield from _release_differences(what, row, _release(row, version, calendar, absences))
    # Otherwise a change of the calendar may not have reached the customer yet.


def _release(
    row: Row, version: RulesVersion, calendar: Calendar, absences: Absences
) -> tuple[datetime | None, str | None]:
    ownership = Ownership.of(row)
    forecast = evaluate(ownership, version.rules, version.ruled_at, calendar, absences)
    return (forecast.at, str(forecast.reason)) if forecast else (None, None)


def _release_differences(
    what: str, row: Row, release: tuple[datetime | None, str | None]
) -> Iterator[Difference]:
    for column, expected in zip(("release_at", "release_reason"), release, strict=True):
        if row[column] != expected:
            yield Difference(what, column, expected, row[column], "the rules say")


class Seats:
    """An organization's seats, counted from the ledger while its customers are read."""

    def __init__(self, rows: Iterable[Row], calendar: Calendar) -> None:
        self._stored: dict[SeatKey, Row] = {(r["pool_id"], r["member_id"]): r for r in rows}
        self._calendar = calendar
        self._held = Counter[SeatKey]()
        self._won = Counter[SeatKey]()
        self._claimed = Counter[SeatKey]()

    def __len__(self) -> int:
        return len(self._stored)

    def count_event(self, event: Row) -> None:
        """Count a claim of the day that the seat counts. A registration is no claim."""
        if event["action"] != "CLAIMED" or event["registered"]:
            return
        key = (event["pool_id"], event["member_id"])
        seat = self._stored.get(key)
        if seat and self._calendar.day_of(event["at"]) == seat["claimed_on"]:
            self._claimed[key] += 1

    def count_life(self, life: Life) -> None:
        """Count a customer that has an owner."""
        if life.owner_id and life.pool_id:
            self._held[life.pool_id, life.owner_id] += 1
            self._won[life.pool_id, life.owner_id] += life.won_at is not None

    def differences(self) -> Iterator[Difference]:
        for key in self._stored.keys() | self._held.keys():
            what = "seat of member {1} in pool {0}".format(*key)
            row = self._stored.get(key, {})
            expected = {"held": self._held[key], "won": self._won[key]}
            for column, count in (expected | {"claimed_today": self._claimed[key]}).items():
                if row.get(column) != count:
                    yield Difference(what, column, count, row.get(column))


def _words(value: Any) -> str:
    if value is None:
        return "nothing"
    return value.isoformat() if isinstance(value, datetime) else str(value)
