"""The rules of a pool: capacity, deadlines, reminders and what is masked."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import Any, Self
from uuid import UUID

from models.rules.distribution import Distribution
from models.rules.durations import Span

REMINDERS = (Span.parse("P7D"), Span.parse("P3D"))
MASKED = frozenset({"PHONE", "EMAIL"})


@dataclass(frozen=True)
class CapacityRule:
    member: UUID | None
    department: UUID | None
    capacity: int


@dataclass(frozen=True)
class LevelRules:
    level: str
    first_follow_up_within: Span | None = None
    follow_up_within: Span | None = None
    deal_within: Span | None = None
    max_hold: Span | None = None


@dataclass(frozen=True)
class Rules:
    capacity: int | None = None
    capacities: tuple[CapacityRule, ...] = ()
    won_count: bool = True
    daily_claim_limit: int | None = None
    new_customer_lock: Span | None = None
    reclaim_cooldown: Span | None = None
    first_follow_up_within: Span | None = None
    follow_up_within: Span | None = None
    deal_within: Span | None = None
    max_hold: Span | None = None
    deal_exempts: bool = True
    won_for: Span | None = None
    deal_approval: bool = False
    reminders: tuple[Span, ...] = REMINDERS
    working_days: bool = False
    grace: Span | None = None
    lock_limit: int = 0
    extension_limit: Span | None = None
    masked: frozenset[str] = MASKED
    levels: tuple[LevelRules, ...] = ()
    distribution: Distribution | None = None
    absence_stops_clock: bool = False
    release_to: UUID | None = None
    escalate_before: Span | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the stored rules: missing keys take their default, unknown ones are ignored."""
        known = {each.name for each in fields(cls)}
        return cls(**{key: _read(key, value) for key, value in stored.items() if key in known})

    def to_json(self) -> dict[str, Any]:
        written: dict[str, Any] = _written(self)
        return written

    def for_level(self, level: str | None) -> "Rules":
        return self if level is None else self._by_level.get(level, self)

    def with_level(self, level: LevelRules) -> "Rules":
        own = {name: getattr(level, name) for name in DEADLINES}
        return replace(self, **{name: span for name, span in own.items() if span is not None})

    def capacity_for(self, member: UUID, lineage: Iterable[UUID]) -> int | None:
        """`lineage`: the member's department and those above it, the nearest first."""
        own = self._capacity_by_member.get(member)
        if own is None and self._capacity_by_department:
            of_departments = map(self._capacity_by_department.get, lineage)
            own = next((each for each in of_departments if each is not None), None)
        return self.capacity if own is None else own

    def counted(self, held: int, won: int) -> int:
        """Return how many customers count against the capacity."""
        return held if self.won_count else held - won

    @cached_property
    def _by_level(self) -> dict[str, "Rules"]:
        return {each.level: self.with_level(each) for each in self.levels}

    @cached_property
    def _capacity_by_member(self) -> dict[UUID, int]:
        return {each.member: each.capacity for each in self.capacities if each.member}

    @cached_property
    def _capacity_by_department(self) -> dict[UUID, int]:
        return {each.department: each.capacity for each in self.capacities if each.department}


DEADLINES = ("first_follow_up_within", "follow_up_within", "deal_within", "max_hold")
LIMITS = ("won_for", "grace", "extension_limit", "escalate_before")
SPANS = ("new_customer_lock", "reclaim_cooldown", *DEADLINES, *LIMITS)


def _read(name: str, stored: Any) -> Any:
    read = READERS.get(name)
    return stored if stored is None or read is None else read(stored)


def _spans(stored: list[str]) -> tuple[Span, ...]:
    return tuple(map(Span.parse, stored))


def _levels(stored: list[dict[str, Any]]) -> tuple[LevelRules, ...]:
    return tuple(LevelRules(**{k: _read(k, v) for k, v in each.items()}) for each in stored)


def _capacities(stored: list[dict[str, Any]]) -> tuple[CapacityRule, ...]:
    return tuple(
        CapacityRule(_id(each.get("member")), _id(each.get("department")), each["capacity"])
        for each in stored
    )


def _id(stored: str | None) -> UUID | None:
    return UUID(stored) if stored else None


READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(SPANS, Span.parse),
    "reminders": _spans,
    "release_to": _id,
    "masked": frozenset,
    "levels": _levels,
    "capacities": _capacities,
    "distribution": Distribution.from_json,
}


def _written(value: Any) -> Any:
    if isinstance(value, Span | UUID):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    if isinstance(value, CapacityRule | LevelRules | Distribution | Rules):
        return {each.name: _written(getattr(value, each.name)) for each in fields(value)}
    return value


@lru_cache(maxsize=4096)
def parsed_rules(text: str) -> Rules:
    """Return the rules of a JSON text, parsed once."""
    return Rules.from_json(json.loads(text))
