"""Objects by global id: each is found only where the viewer may see it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import strawberry

from models import tables
from models.channels import deliveries, owning
from models.holding import extension_reads
from models.holding.extension_reads import visible_extensions
from models.refusals import NotFound
from models.viewers import Viewer, find
from schema.base.context import Info
from schema.base.enums import Action
from schema.customers.contact import may_read_notes
from schema.customers.events import Event, FollowUp


async def find_customer(info: Info, id: UUID) -> tables.Customer | None:
    customer = await info.context.loaders.customers.load(id)
    return customer if customer and info.context.viewer.sees(customer) else None


async def find_pool(info: Info, id: UUID) -> tables.Pool | None:
    pool = await info.context.loaders.pools.load(id)
    return pool if pool and info.context.viewer.sees_pool(pool.id) else None


async def find_member(info: Info, id: UUID) -> tables.Member | None:
    return await info.context.loaders.members.load(id)


async def find_department(info: Info, id: UUID) -> tables.Department | None:
    return await info.context.loaders.departments.load(id)


async def find_organization(info: Info, id: UUID) -> tables.Organization | None:
    own = info.context.viewer.organization
    return own if own.id == id else None


async def find_webhook(info: Info, id: UUID) -> tables.Webhook | None:
    viewer = info.context.viewer
    return (await find(viewer, tables.Webhook, [id])).get(id) if viewer.is_admin else None


async def find_delivery(info: Info, id: UUID) -> tables.WebhookDelivery | None:
    viewer = info.context.viewer
    return (await find(viewer, tables.WebhookDelivery, [id])).get(id) if viewer.is_admin else None


async def find_channel(info: Info, id: UUID) -> tables.Channel | None:
    try:
        return await owning.find_own(info.context.viewer, id)
    except NotFound:
        return None


async def find_channel_delivery(info: Info, id: UUID) -> tables.ChannelDelivery | None:
    try:
        return await deliveries.find_delivery(info.context.viewer, id)
    except NotFound:
        return None


async def find_event(info: Info, id: UUID) -> tables.Event | None:
    event = await _seen_event(info, id, Viewer.sees)
    if event is None or event.action not in Action.__members__:
        return None
    return strawberry.cast(Event, event)


async def find_follow_up(info: Info, id: UUID) -> tables.Event | None:
    event = await _seen_event(info, id, may_read_notes)
    if event is None or event.action != "FOLLOWED_UP":
        return None
    return strawberry.cast(FollowUp, event)


async def find_extension(info: Info, id: UUID) -> extension_reads.Extension | None:
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
    "Customer": find_customer,
    "Pool": find_pool,
    "Member": find_member,
    "Department": find_department,
    "Organization": find_organization,
    "Event": find_event,
    "FollowUp": find_follow_up,
    "Extension": find_extension,
    "Webhook": find_webhook,
    "WebhookDelivery": find_delivery,
    "Channel": find_channel,
    "ChannelDelivery": find_channel_delivery,
}
