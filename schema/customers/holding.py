"""A current ownership: its dates, its release forecast and the owner's remedies."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import strawberry

from models import tables
from models.rules.deadlines import Forecast, ReleaseReason
from models.rules.evaluation import evaluate
from models.rules.remedies import remedy
from models.rules.rules import Rules
from schema.base.context import Context, Info
from schema.base.fields import field
from schema.base.loading.later import once_loaded

Made = TypeVar("Made")
# Of rules and since when they are in force.
ByRules = Callable[[tables.Customer, Context, Rules, datetime], Made | Awaitable[Made]]


@strawberry.type
class ReleaseCondition:
    reason: ReleaseReason
    at: datetime

    remedy: str = strawberry.field(description="What the owner can do about it.")


@strawberry.type
class ReleaseForecast:
    """The row has the first release; only the rest is worked out by the rules."""

    release_at: datetime = strawberry.field(name="at")
    release_reason: ReleaseReason = strawberry.field(name="reason")

    @field(
        list[ReleaseCondition],
        description="Every rule that bears on it, the earliest first: the first is the reason.",
    )
    @staticmethod
    def conditions(
        root: strawberry.Parent[tables.Customer], info: Info
    ) -> list[ReleaseCondition] | Awaitable[list[ReleaseCondition]]:
        return _with_rules_of(root, info.context, _conditions)

    @field(
        bool,
        description="True if it counts working days of a year whose public holidays are not"
        " published yet: it may still move.",
    )
    @staticmethod
    def provisional(root: strawberry.Parent[tables.Customer], info: Info) -> bool | Awaitable[bool]:
        return _with_rules_of(root, info.context, _provisional)


@strawberry.type
class Holding:
    followed_up_at: datetime | None
    won_at: datetime | None
    deal_reported_at: datetime | None = strawberry.field(
        description="Since when a deal waits for an administrator's confirmation."
    )
    remind_at: list[datetime] = strawberry.field(description="When the owner will be reminded.")
    claimed_at: datetime = strawberry.field(name="since")

    @field()
    @staticmethod
    def locked(root: strawberry.Parent[tables.Customer]) -> bool:
        return root.locked_at is not None

    @field(
        ReleaseForecast | None,
        description="When and why it will be released; null where nothing will release it.",
    )
    @staticmethod
    def release(root: strawberry.Parent[tables.Customer]) -> tables.Customer | None:
        return None if root.release_at is None or root.release_reason is None else root


def _with_rules_of(
    customer: tables.Customer, context: Context, then: ByRules[Made]
) -> Made | Awaitable[Made]:
    """What `then` makes of the rules that set release_at, and of since when they are in force.

    They are the pool's own, unless the customer still waits for re-evaluation.
    """

    def with_pool(pool: tables.Pool | None) -> Made | Awaitable[Made]:
        assert pool is not None
        own, version = (pool.rules, pool.rules_changed_at), customer.rules_version
        if version is None or version == pool.rules_version:
            return then(customer, context, *own)
        return once_loaded(
            context.loaders.rules,
            (pool.id, version),
            lambda older: then(customer, context, *(older or own)),
        )

    return once_loaded(context.loaders.pools, customer.pool_id, with_pool)


def _conditions(
    customer: tables.Customer, context: Context, rules: Rules, changed_at: datetime
) -> list[ReleaseCondition] | Awaitable[list[ReleaseCondition]]:
    def shown(found: Forecast | None) -> list[ReleaseCondition]:
        return [
            ReleaseCondition(
                reason=each.reason, at=each.at, remedy=remedy(each, rules, context.reader)
            )
            for each in (found.conditions if found else ())
        ]

    return _with_forecast(customer, context, rules, changed_at, shown)


def _provisional(
    customer: tables.Customer, context: Context, rules: Rules, changed_at: datetime
) -> bool | Awaitable[bool]:
    """Without working days nothing counts holidays: the forecast need not be worked out."""
    if not rules.working_days:
        return False
    return _with_forecast(
        customer, context, rules, changed_at, lambda found: bool(found and found.provisional)
    )


def _with_forecast(
    customer: tables.Customer,
    context: Context,
    rules: Rules,
    changed_at: datetime,
    then: Callable[[Forecast | None], Made],
) -> Made | Awaitable[Made]:
    """Under rules that count no absence, nobody asks who the owner is."""
    calendar = context.viewer.organization.calendar
    if not rules.absence_stops_clock or customer.owner_id is None:
        return then(evaluate(customer, rules, changed_at, calendar))

    def with_owner(owner: tables.Member | None) -> Made:
        absences = owner.absences if owner else ()
        return then(evaluate(customer, rules, changed_at, calendar, absences))

    return once_loaded(context.loaders.members, customer.owner_id, with_owner)
