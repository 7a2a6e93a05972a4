"""A current ownership: its dates, its release forecast and the owner's remedies."""

from datetime import datetime

import strawberry

from models import tables
from models.holding.holdings import forecast_of
from models.rules.deadlines import Condition, ReleaseReason
from models.rules.remedies import remedy
from models.rules.rules import Rules
from models.texts.text import render
from schema.base.context import Info
from schema.base.fields import field


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
    async def release(
        root: strawberry.Parent[tables.Customer], info: Info
    ) -> ReleaseForecast | None:
        if root.release_at is None or root.release_reason is None:
            return None
        rules, changed_at = await _rules_of(root, info)
        calendar = info.context.viewer.organization.calendar
        forecast = forecast_of(root, rules, changed_at, calendar)
        reason = ReleaseReason(root.release_reason)
        if forecast is None:
            return ReleaseForecast(
                at=root.release_at, reason=reason, conditions=[], provisional=False
            )
        return ReleaseForecast(
            at=root.release_at,
            reason=reason,
            conditions=[_condition(each, rules, info) for each in forecast.conditions],
            provisional=forecast.provisional,
        )


def _condition(condition: Condition, rules: Rules, info: Info) -> ReleaseCondition:
    advice = render(remedy(condition, rules), info.context.reader)
    return ReleaseCondition(reason=condition.reason, at=condition.at, remedy=advice)


async def _rules_of(customer: tables.Customer, info: Info) -> tuple[Rules, datetime]:
    """Return the rules that set release_at, and since when they are in force.

    They are the pool's own, unless the customer still waits for re-evaluation.
    """
    loaders = info.context.loaders
    pool = await loaders.pools.load(customer.pool_id)
    assert pool is not None
    if customer.rules_version in (None, pool.rules_version):
        return pool.rules, pool.rules_changed_at
    assert customer.rules_version is not None
    older = await loaders.rules.load((pool.id, customer.rules_version))
    return older or (pool.rules, pool.rules_changed_at)
