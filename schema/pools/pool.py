"""Public pools: their rules, administrators, extensions and unheld customers."""

from collections.abc import Awaitable

import strawberry

from models import tables
from models.holding import reevaluation
from models.paging import Window
from schema.base.context import Info
from schema.base.enums import PoolOrder
from schema.base.fields import field
from schema.base.inputs.windows import connection
from schema.base.nodes import Node, shows
from schema.customers.customer import CustomerConnection, Customers
from schema.organizations.members import Member
from schema.pools.administered import Administered
from schema.pools.rules import Rules


@strawberry.type
class RulesProgress:
    held: int
    waiting: int = strawberry.field(
        description="Not re-evaluated yet; cannot be released under the old rules."
    )


@strawberry.type(description="Customers under one set of rules, for those to whom it is open.")
class Pool(Administered, Node):
    is_type_of = shows(tables.Pool)

    name: str
    rules: Rules
    rules_version: int

    @connection(
        CustomerConnection,
        description="Customers that nobody holds: what may be claimed.",
    )
    @staticmethod
    async def customers(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        window: Window,
        order_by: PoolOrder = PoolOrder.OPENED_LATEST,
        search: str | None = None,
        level: str | None = None,
    ) -> Customers:
        context, loaders = info.context, info.context.loaders
        if not context.viewer.sees_pool(root.id):
            return Customers([], count=_zero)
        pages = loaders.pooled_and_claimable if context.may_ask("claimable") else loaders.pooled
        return await Customers.of(
            pages.load(
                root.id,
                window=window,
                order=order_by.value,
                search=search,
                level=level,
            ),
            lambda: loaders.count_pooled.load(root.id, search=search, level=level),
        )

    @field(
        RulesProgress,
        description="How many held customers still have a deadline by older rules.",
    )
    @staticmethod
    def rules_progress(
        root: strawberry.Parent[tables.Pool], info: Info
    ) -> Awaitable[reevaluation.Progress] | reevaluation.Progress:
        if not info.context.viewer.sees_pool(root.id):
            return reevaluation.Progress(0, 0)
        return info.context.loaders.progress.load(root.id)

    @field(list[Member])
    @staticmethod
    def administrators(
        root: strawberry.Parent[tables.Pool], info: Info
    ) -> Awaitable[list[tables.Member]]:
        return info.context.loaders.administrators.load(root.id)


async def _zero() -> int:
    return 0
