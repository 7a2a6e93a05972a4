"""How a pool deals its customers out: the GraphQL type and its input."""

from collections.abc import Awaitable

import strawberry

from models import tables
from models.rules import distribution
from models.rules.distribution import Strategy
from models.rules.durations import Span
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.references import MEMBER
from schema.organizations.organization import Department

Root = strawberry.Parent[distribution.Distribution]


@strawberry.type(
    description="How a pool deals its customers out by itself, as assignments by nobody."
    " Without members and departments it deals to all to whom the pool is open."
)
class Distribution:
    strategy: Strategy
    quota: int | None = strawberry.field(
        description="How many customers of this pool a member gets in a day. Null: no limit."
    )
    after: Span = strawberry.field(
        description="How long a customer lies open before it is dealt out."
    )

    @field(list[MEMBER])
    @staticmethod
    def members(root: Root, info: Info) -> Awaitable[list[tables.Member | None]]:
        return info.context.loaders.members.load_many(root.members)

    @field(list[Department])
    @staticmethod
    def departments(root: Root, info: Info) -> Awaitable[list[tables.Department | None]]:
        return info.context.loaders.departments.load_many(root.departments)


@strawberry.input
class DistributionInput:
    strategy: Strategy = Strategy.IN_TURN
    quota: int | None = None
    after: Span = distribution.AT_ONCE
    member_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    department_ids: list[strawberry.ID] = strawberry.field(default_factory=list)

    def to_domain(self) -> distribution.Distribution:
        return distribution.Distribution(
            strategy=self.strategy,
            quota=self.quota,
            after=self.after,
            members=tuple(ids.decode(id, "Member") for id in self.member_ids),
            departments=tuple(ids.decode(id, "Department") for id in self.department_ids),
        )
