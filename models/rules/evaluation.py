"""The rules in force, applied to one held customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol, Self

from models.rules import deadlines
from models.rules.absences import Absences
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts, Forecast
from models.rules.rules import Rules


class HeldCustomer(Protocol):
    """The columns of a held customer that the deadline calculation needs."""

    @property
    def claimed_at(self) -> datetime | None: ...
    @property
    def followed_up_at(self) -> datetime | None: ...
    @property
    def won_at(self) -> datetime | None: ...
    @property
    def level(self) -> str | None: ...
    @property
    def level_by_owner(self) -> bool: ...
    @property
    def granted_level(self) -> str | None: ...
    @property
    def locked_at(self) -> datetime | None: ...
    @property
    def extended_to(self) -> datetime | None: ...


class Ownership(NamedTuple):
    """These columns alone, for a preview that reads many rows."""

    claimed_at: datetime
    followed_up_at: datetime | None
    won_at: datetime | None
    level: str | None
    level_by_owner: bool
    granted_level: str | None
    locked_at: datetime | None
    extended_to: datetime | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        return cls._make(map(row.__getitem__, cls._fields))


def evaluate(
    customer: HeldCustomer,
    rules: Rules,
    rules_changed_at: datetime,
    calendar: Calendar,
    absences: Absences = (),
) -> Forecast | None:
    """Return the release under rules in force since `rules_changed_at`; None if there is none.

    `absences` are the owner's.
    """
    facts = facts_of(customer, rules, rules_changed_at, calendar, absences)
    return deadlines.forecast(rules, facts, calendar)


def facts_of(
    customer: HeldCustomer,
    rules: Rules,
    rules_changed_at: datetime,
    calendar: Calendar,
    absences: Absences = (),
) -> Facts:
    """Facts for the deadline. Customers claimed before `rules_changed_at` get the grace period."""
    assert customer.claimed_at is not None
    not_before = None
    if rules.grace and customer.claimed_at < rules_changed_at:
        clock = deadlines.clock_of(rules, absences, calendar)
        not_before = clock.after(rules_changed_at, rules.grace, rules.working_days)
    return Facts(
        claimed_at=customer.claimed_at,
        followed_up_at=customer.followed_up_at,
        won_at=customer.won_at,
        level=customer.level,
        locked=customer.locked_at is not None,
        extended_to=customer.extended_to,
        not_before=not_before,
        level_by_owner=customer.level_by_owner,
        granted_level=customer.granted_level,
        absences=absences,
    )
