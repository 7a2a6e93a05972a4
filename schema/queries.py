"""The queries, and the objects that `node` finds by global id."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import strawberry

from models import tables
from models.database.pagination import Page
from models.holding import extension_reads
from models.holding.extension_reads import visible_extensions
from models.lists.members import list_members
from models.viewers import Viewer, find
from schema.base import ids
from schema.base.context import Info
from schema.base.enums import Action
from schema.base.fields import field
from schema.base.nodes import Node
from schema.base.scalars import Cursor
from schema.customers.customer import Customer, may_read_notes
from schema.customers.events import Event, FollowUp
from schema.customers.registration import Duplicates
from schema.organizations.members import Member, MemberConnection, Organization
from schema.pools.pool import Pool
from schema.pools.preview import Previews
from schema.pools.reports import Reports


@strawberry.type
class Query(Duplicates, Previews, Reports):
    @field(Member, description="Who is asking.")
    @staticmethod
    def viewer(info: Info) -> tables.Member:
        return info.context.viewer.member

    @field(Node | None, description="Any object the viewer may see, else null.")
    @staticmethod
    async def node(info: Info, id: strawberry.ID) -> object:
        type_name, row_id = ids.parts(id) or ("", ids.NOTHING)
        find_node = FINDERS.get(type_name)
        return await find_node(info, row_id) if find_node else None

    @field(
        list[Pool],
        description="Pools that the viewer may claim from or administer.",
    )
    @staticmethod
    async def pools(info: Info) -> list[tables.Pool]:
        viewer = info.context.viewer
        pools = await find(viewer, tables.Pool, viewer.open_pools)
        info.context.loaders.pools.prime_many(pools)
        return sorted(pools.values(), key=lambda pool: (pool.name, pool.id))

    @field(Pool | None)
    @staticmethod
    async def pool(info: Info, id: strawberry.ID) -> tables.Pool | None:
        return await _pool(info, ids.decode(id, "Pool"))

    @field(Customer | None)
    @staticmethod
    async def customer(info: Info, id: strawberry.ID) -> tables.Customer | None:
        return await _customer(info, ids.decode(id, "Customer"))

    @field(Organization)
    @staticmethod
    def organization(info: Info) -> tables.Organization:
        return info.context.viewer.organization

    @field(
        MemberConnection,
        description="Colleagues, for whoever assigns and transfers: managers, pool administrators"
        " and admins see all, others themselves.",
    )
    @staticmethod
    async def members(
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        search: str | None = None,
        department_id: strawberry.ID | None = None,
    ) -> Page[tables.Member]:
        return await list_members(
            info.context.viewer,
            first=first,
            after=after,
            search=search,
            department_id=ids.decode_given(department_id, "Department"),
        )


async def _customer(info: Info, id: UUID) -> tables.Customer | None:
    customer = await info.context.loaders.customers.load(id)
    return customer if customer and info.context.viewer.sees(customer) else None


async def _pool(info: Info, id: UUID) -> tables.Pool | None:
    pool = await info.context.loaders.pools.load(id)
    return pool if pool and info.context.viewer.sees_pool(pool.id) else None


async def _member(info: Info, id: UUID) -> tables.Member | None:
    return await info.context.loaders.members.load(id)


async def _department(info: Info, id: UUID) -> tables.Department | None:
    return await info.context.loaders.departments.load(id)


async def _organization(info: Info, id: UUID) -> tables.Organization | None:
    own = info.context.viewer.organization
    return own if own.id == id else None


async def _webhook(info: Info, id: UUID) -> tables.Webhook | None:
    viewer = info.context.viewer
    return (await find(viewer, tables.Webhook, [id])).get(id) if viewer.is_admin else None


async def _delivery(info: Info, id: UUID) -> tables.WebhookDelivery | None:
    viewer = info.context.viewer
    return (await find(viewer, tables.WebhookDelivery, [id])).get(id) if viewer.is_admin else None


async def _event(info: Info, id: UUID) -> tables.Event | None:
    event = await _seen_event(info, id, Viewer.sees)
    if event is None or event.action not in Action.__members__:
        return None
    return strawberry.cast(Event, event)


async def _follow_up(info: Info, id: UUID) -> tables.Event | None:
    event = await _seen_event(info, id, may_read_notes)
    if event is None or event.action != "FOLLOWED_UP":
        return None
    return strawberry.cast(FollowUp, event)


async def _extension(info: Info, id: UUID) -> extension_reads.Extension | None:
    return (await visible_extensions(info.context.viewer, [id])).get(id)


async def _seen_event(
    info: Info, id: UUID, may_see: Callable[[Viewer, tables.Customer], bool]
) -> tables.Event | None:
    viewer = info.context.viewer
    event = (await find(viewer, tables.Event, [id])).get(id)
    if event is None or event.customer_id is None:
        return None
    customer = await info.context.loaders.customers.load(event.customer_id)
    return event if customer and may_see(viewer, customer) else None


FINDERS: dict[str, Callable[[Info, UUID], Awaitable[object]]] = {
    "Customer": _customer,
    "Pool": _pool,
    "Member": _member,
    "Department": _department,
    "Organization": _organization,
    "Event": _event,
    "FollowUp": _follow_up,
    "Extension": _extension,
    "Webhook": _webhook,
    "WebhookDelivery": _delivery,
}
