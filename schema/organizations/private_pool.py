"""A member's private pool."""

from collections.abc import Awaitable

import strawberry

from models.pools import private_pools
from schema.base.context import Info
from schema.base.enums import HeldOrder
from schema.base.fields import field
from schema.base.scalars import Cursor
from schema.customers.customer import CustomerConnection, Customers


@strawberry.type(
    description="The customers that a member holds, and how many more they may."
    " Over all pools, capacity is the sum, null if any pool has none."
)
class PrivatePool:
    held: int
    capacity: int | None
    available: int | None
    claimed_today: int

    @field(CustomerConnection)
    @staticmethod
    def customers(
        root: strawberry.Parent[private_pools.PrivatePool],
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        order_by: HeldOrder = HeldOrder.RELEASE_SOONEST,
        search: str | None = None,
    ) -> Awaitable[Customers]:
        loaders, key = info.context.loaders, (root.member.id, root.pool_id)
        return Customers.of(
            loaders.held.load(key, first=first, after=after, order=order_by.value, search=search),
            lambda: loaders.count_held.load(key, search=search),
        )
