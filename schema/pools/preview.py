"""The preview of a change of rules."""

from collections.abc import Awaitable
from datetime import datetime

import strawberry

from models import tables
from models.pools import preview, preview_tally
from models.rules.durations import Span
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import READ_SECONDS
from schema.base.fields import field
from schema.customers.customer import Customer
from schema.pools.rules_input import RulesInput, rules_of
from schema.pools.undo import MemberLoad


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
        root: strawberry.Parent[preview_tally.Effect], info: Info
    ) -> Awaitable[tables.Customer | None]:
        return info.context.loaders.customers.load(root.customer_id)


@strawberry.type
class RulesPreview:
    at: datetime = strawberry.field(
        description="When it was computed: a change at this instant has exactly this effect,"
        " and its grace starts then."
    )
    held: int
    released_at_once: int = strawberry.field(
        description="Customers that would be released at once, once the grace is over."
    )
    dealt_at_once: int = strawberry.field(
        description="Open customers that the rules would deal out at once, at most:"
        " a cool-down may forbid some."
    )
    released_within: list[ReleaseBucket]
    earlier: int
    later: int
    unchanged: int
    over_capacity: list[MemberLoad]

    @field(list[RulesEffect], description="The customers whose release moves the most.")
    @staticmethod
    def examples(
        root: strawberry.Parent[preview_tally.Preview], first: int = 20
    ) -> list[preview_tally.Effect]:
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
    ) -> preview_tally.Preview:
        info.context.deadline.extend_to(READ_SECONDS)
        viewer, pool = info.context.viewer, ids.decode(pool_id, "Pool")
        return await preview.preview(viewer, pool, await rules_of(viewer, pool, rules))
