"""A current ownership: its dates, its release forecast and the owner's remedies."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

import strawberry

from models import tables
from models.holding.holdings import forecast_of
from models.rules.deadlines import Condition, ReleaseReason
from models.rules.remedies import remedy
from models.rules.rules import Rules
from models.texts.text import render
from schema.base.context import Info
from schema.base.fields import field
from schema.base.loaders import Loaders
from schema.base.loading.later import once_loaded

Made = TypeVar("Made")


@strawberry.type
class ReleaseCondition:
    reason: ReleaseReason
    at: datetime

    remedy: str = strawberry.field(description="What the owner can do about it.")


@strawberry.type
class ReleaseForecast:
    at: datetime
    reason: ReleaseReason
    conditions: list[ReleaseCondition] = strawberry.field(
        description="Every rule that bears on it, the earliest first: the first is the reason."
    )
    provisional: bool = strawberry.field(
        description="True if it counts working days of a year whose public holidays are not"
        " published yet: it may still move."
    )


@strawberry.type
class Holding:
    followed_up_at: datetime | None
    won_at: datetime | None
    deal_reported_at: datetime | None = strawberry.field(
        description="Since when a deal waits for an administrator's confirmation."
    )
    remind_at: list[datetime] = strawberry.field(description="When the owner will be reminded.")

    @field()
    @staticmethod
    def since(root: strawberry.Parent[tables.Customer]) -> datetime:
        assert root.claimed_at is not None
        return root.claimed_at

    @field()
    @staticmethod
    def locked(root: strawberry.Parent[tables.Customer]) -> bool:
        return root.locked_at is not None

    @field(
        ReleaseForecast | None,
        description="When and why it will be released; null where nothing will release it.",
    )
    @staticmethod
    def release(
        root: strawberry.Parent[tables.Customer], info: Info
    ) -> ReleaseForecast | Awaitable[ReleaseForecast] | None:
        if root.release_at is None or root.release_reason is None:
            return None
        return _with_rules_of(root, info, lambda rules, since: _forecast(root, rules, since, info))


def _forecast(
    customer: tables.Customer, rules: Rules, changed_at: datetime, info: Info
) -> ReleaseForecast | Awaitable[ReleaseForecast]:
    """Under rules that count no absence, nobody asks who the owner is."""
    if not rules.absence_stops_clock or customer.owner_id is None:
        return _forecast_of(customer, rules, changed_at, info, None)
    return once_loaded(
        info.context.loaders.members,
        customer.owner_id,
        lambda owner: _forecast_of(customer, rules, changed_at, info, owner),
    )


def _forecast_of(
    customer: tables.Customer,
    rules: Rules,
    changed_at: datetime,
    info: Info,
    owner: tables.Member | None,
) -> ReleaseForecast:
    assert customer.release_at
    assert customer.release_reason
    calendar = info.context.viewer.organization.calendar
    absences = owner.absences if owner else ()
    forecast = forecast_of(customer, rules, changed_at, calendar, absences)
    conditions = forecast.conditions if forecast else ()
    return ReleaseForecast(
        at=customer.release_at,
        reason=ReleaseReason(customer.release_reason),
        conditions=[_condition(each, rules, info) for each in conditions],
        provisional=forecast.provisional if forecast else False,
    )


def _condition(condition: Condition, rules: Rules, info: Info) -> ReleaseCondition:
    advice = render(remedy(condition, rules), info.context.reader)
    return ReleaseCondition(reason=condition.reason, at=condition.at, remedy=advice)


def _with_rules_of(
    customer: tables.Customer,
    info: Info,
    then: Callable[[Rules, datetime], Made | Awaitable[Made]],
) -> Made | Awaitable[Made]:
    """What `then` makes of the rules that set release_at, and of since when they are in force.

    They are the pool's own, unless the customer still waits for re-evaluation.
    """
    loaders = info.context.loaders
    then_with = partial(_with_pool, customer.rules_version, loaders, then)
    return once_loaded(loaders.pools, customer.pool_id, then_with)


def _with_pool(
    version: int | None,
    loaders: Loaders,
    then: Callable[[Rules, datetime], Made | Awaitable[Made]],
    pool: tables.Pool | None,
) -> Made | Awaitable[Made]:
    assert pool is not None
    own = (pool.rules, pool.rules_changed_at)
    if version is None or version == pool.rules_version:
        return then(*own)
    return once_loaded(loaders.rules, (pool.id, version), lambda older: then(*(older or own)))
