"""A member's private pool."""

from collections.abc import Awaitable

import strawberry

from models.paging import Window
from models.pools import private_pools
from schema.base.context import Info
from schema.base.enums import HeldOrder
from schema.base.inputs.windows import connection
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

    @connection(CustomerConnection)
    @staticmethod
    def customers(
        root: strawberry.Parent[private_pools.PrivatePool],
        info: Info,
        window: Window,
        order_by: HeldOrder = HeldOrder.RELEASE_SOONEST,
        search: str | None = None,
    ) -> Awaitable[Customers]:
        loaders, key = info.context.loaders, (root.member.id, root.pool_id)
        # Read with what it holds: no statement asks for the rules of its customers.
        loaders.pools.prime_many((pool.id, pool) for pool in root.pools)
        return Customers.of(
            loaders.held.load(key, window=window, order=order_by.value, search=search),
            lambda: loaders.count_held.load(key, search=search),
        )
