"""The rules in force, applied to one held customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.rules import deadlines
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts, Forecast
from models.rules.rules import Rules


class Held(Protocol):
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
    def locked_at(self) -> datetime | None: ...
    @property
    def extended_to(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Ownership:
    """These columns alone, for a preview that reads many rows."""

    claimed_at: datetime
    followed_up_at: datetime | None
    won_at: datetime | None
    level: str | None
    locked_at: datetime | None
    extended_to: datetime | None


def evaluate(
    customer: Held, rules: Rules, ruled_at: datetime, calendar: Calendar
) -> Forecast | None:
    """The release under the rules in force since `ruled_at`; None where nothing releases it."""
    return deadlines.forecast(rules, facts_of(customer, rules, ruled_at, calendar), calendar)


def facts_of(customer: Held, rules: Rules, ruled_at: datetime, calendar: Calendar) -> Facts:
    """Facts for the deadline. Customers claimed before `ruled_at` get the grace period."""
    assert customer.claimed_at is not None
    graced = rules.grace is not None and customer.claimed_at < ruled_at
    return Facts(
        claimed_at=customer.claimed_at,
        followed_up_at=customer.followed_up_at,
        won_at=customer.won_at,
        level=customer.level,
        locked=customer.locked_at is not None,
        extended_to=customer.extended_to,
        not_before=calendar.after(ruled_at, rules.grace, rules.working_days)
        if graced and rules.grace
        else None,
    )
