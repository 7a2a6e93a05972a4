"""What only the administrators of a pool see of it."""

from collections.abc import Awaitable

import strawberry

from models import tables
from models.database.pagination import Page
from models.holding.extension_reads import Extension
from models.lists.rules_versions import RulesVersion
from models.refusals import Forbidden
from models.rules.durations import Span
from schema.base.context import Info
from schema.base.enums import ExtensionStatus
from schema.base.fields import field
from schema.base.loading import pool_reads
from schema.base.scalars import Cursor
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
    @field(
        ExtensionConnection,
        description="Requested extensions, the latest first. Pool administrators only; who leads"
        " a department sees those of their people.",
    )
    @staticmethod
    def extensions(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        status: ExtensionStatus = ExtensionStatus.PENDING,
        first: int = 20,
        after: Cursor | None = None,
    ) -> Awaitable[Page[Extension]]:
        if not _decides(info, root):
            raise Forbidden("Only administrators of this pool see its extensions.")
        loader = info.context.loaders.extensions
        return loader.load(root.id, first=first, after=after, status=status.value)

    @field(
        CustomerConnection,
        description="Customers with a deal that waits for confirmation, the longest waiting first."
        " Pool administrators only; who leads a department sees those of their people.",
    )
    @staticmethod
    async def unconfirmed_deals(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
    ) -> Customers:
        if not _decides(info, root):
            raise Forbidden("Only administrators of this pool see its unconfirmed deals.")
        loaders = info.context.loaders
        return await Customers.of(
            loaders.unconfirmed_deals.load(root.id, first=first, after=after),
            lambda: loaders.count_unconfirmed_deals.load(root.id),
        )

    @field(
        CustomerConnection,
        description="Customers that are released within this time unless somebody acts,"
        " the nearest first. Pool administrators only; who leads a department sees those of their"
        " people.",
    )
    @staticmethod
    async def at_risk(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        within: Span = A_WEEK,
        first: int = 20,
        after: Cursor | None = None,
    ) -> Customers:
        if not _decides(info, root):
            raise Forbidden("Only administrators of this pool see what is at risk in it.")
        loaders = info.context.loaders
        return await Customers.of(
            loaders.at_risk.load(root.id, within=within, first=first, after=after),
            lambda: loaders.count_at_risk.load(root.id, within=within),
        )

    @field(
        RulesVersionConnection,
        description="Each version of the rules, the latest first. Pool administrators only.",
    )
    @staticmethod
    def rules_versions(
        root: strawberry.Parent[tables.Pool],
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
    ) -> Awaitable[Page[RulesVersion]]:
        if not info.context.viewer.administers(root.id):
            raise Forbidden("Only administrators of this pool see the versions of its rules.")
        return info.context.loaders.rules_versions.load(root.id, first=first, after=after)

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
