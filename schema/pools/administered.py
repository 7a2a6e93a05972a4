"""What only the administrators of a pool see of it."""

from collections.abc import Awaitable

import strawberry

from models import tables
from models.holding.extension_reads import Extension
from models.lists.rules_versions import RulesVersion
from models.paging import Page, Window
from models.refusals import Forbidden
from models.rules.durations import Span
from schema.base.context import Info
from schema.base.enums import ExtensionStatus
from schema.base.fields import field
from schema.base.inputs.windows import connection
from schema.base.loading import pool_reads
from schema.customers.customer import CustomerConnection, Customers
from schema.customers.extensions import ExtensionConnection
from schema.organizations.members import Member
from schema.organizations.organization import Department
from schema.pools.rules_versions import RulesVersionConnection

A_WEEK = Span.parse("P7D")


@strawberry.type
class PoolAccess:
    members: list[Member] = strawberry.field(description="Those named one by one.")
    departments: list[Department] = strawberry.field(description="Those named as a whole.")


@strawberry.type
class Administered:
    @connection(
        ExtensionConnection,
        description="Requested extensions, the latest first. Pool administrators only; who leads"
        " a department sees those of their people.",
    )
    @staticmethod
    def extensions(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        window: Window,
        status: ExtensionStatus = ExtensionStatus.PENDING,
    ) -> Awaitable[Page[Extension]]:
        if not _decides(info, root):
            raise Forbidden("Only administrators of this pool see its extensions.")
        loader = info.context.loaders.extensions
        return loader.load(root.id, window=window, status=status.value)

    @connection(
        CustomerConnection,
        description="Customers with a deal that waits for confirmation, the longest waiting first."
        " Pool administrators only; who leads a department sees those of their people.",
    )
    @staticmethod
    async def unconfirmed_deals(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        window: Window,
    ) -> Customers:
        if not _decides(info, root):
            raise Forbidden("Only administrators of this pool see its unconfirmed deals.")
        loaders = info.context.loaders
        return await Customers.of(
            loaders.unconfirmed_deals.load(root.id, window=window),
            lambda: loaders.count_unconfirmed_deals.load(root.id),
        )

    @connection(
        CustomerConnection,
        description="Customers that are released within this time unless somebody acts,"
        " the nearest first. Pool administrators only; who leads a department sees those of their"
        " people.",
    )
    @staticmethod
    async def at_risk(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        window: Window,
        within: Span = A_WEEK,
    ) -> Customers:
        if not _decides(info, root):
            raise Forbidden("Only administrators of this pool see what is at risk in it.")
        loaders = info.context.loaders
        return await Customers.of(
            loaders.at_risk.load(root.id, within=within, window=window),
            lambda: loaders.count_at_risk.load(root.id, within=within),
        )

    @connection(
        RulesVersionConnection,
        description="Each version of the rules, the latest first. Pool administrators only.",
    )
    @staticmethod
    def rules_versions(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        window: Window,
    ) -> Awaitable[Page[RulesVersion]]:
        if not info.context.viewer.administers(root.id):
            raise Forbidden("Only administrators of this pool see the versions of its rules.")
        return info.context.loaders.rules_versions.load(root.id, window=window)

    @field(
        PoolAccess,
        description="To whom the pool is open beside its administrators. Pool administrators only.",
    )
    @staticmethod
    def access(root: strawberry.Parent[tables.Pool], info: Info) -> Awaitable[pool_reads.Access]:
        if not info.context.viewer.administers(root.id):
            raise Forbidden("Only administrators of this pool see to whom it is open.")
        return info.context.loaders.access.load(root.id)


def _decides(info: Info, pool: tables.Pool) -> bool:
    viewer = info.context.viewer
    return viewer.administers(pool.id) or bool(viewer.people)
