"""What new rules would do, before anybody is surprised."""

from collections.abc import Awaitable
from datetime import datetime

import strawberry

from models import preview, tables
from models.durations import Span
from schema import ids
from schema.context import Info
from schema.customers import Customer
from schema.fields import field
from schema.rules import RulesInput
from schema.undoing import MemberLoad


@strawberry.type
class ReleaseBucket:
    within: Span
    today: int
    proposed: int


@strawberry.type
class RulesEffect:
    today: datetime | None
    proposed: datetime | None

    @field(Customer)
    @staticmethod
    def customer(
        root: strawberry.Parent[preview.Effect], info: Info
    ) -> Awaitable[tables.Customer | None]:
        return info.context.loaders.customers.load(root.customer_id)


@strawberry.type
class RulesPreview:
    at: datetime = strawberry.field(
        description="As of when: a change made then would do exactly this; a grace counts from it."
    )
    held: int
    released_at_once: int = strawberry.field(
        description="Customers that would be released at once, once the grace is over."
    )
    released_within: list[ReleaseBucket]
    earlier: int
    later: int
    unchanged: int
    over_capacity: list[MemberLoad]

    @field(list[RulesEffect], description="The customers whose release moves the most.")
    @staticmethod
    def examples(root: strawberry.Parent[preview.Preview], first: int = 20) -> list[preview.Effect]:
        return root.examples(first)


@strawberry.type
class Previews:
    @field(
        RulesPreview,
        description="What new rules would do to the customers held under them today."
        " Changes nothing. Pool administrators only.",
    )
    @staticmethod
    async def preview_rules(
        info: Info, pool_id: strawberry.ID, rules: RulesInput
    ) -> preview.Preview:
        pool = ids.decode(pool_id, "Pool")
        return await preview.preview(info.context.viewer, pool, rules.to_domain())
