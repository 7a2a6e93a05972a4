"""Objects by global id: each is found only where the viewer may see it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import strawberry

from models import tables
from models.channels.owning import may_change
from models.holding.extension_reads import Extension, visible_extensions
from models.viewers import Viewer, find
from schema.base import ids as global_ids
from schema.base.context import Info
from schema.base.enums import Action
from schema.base.loading.loader import Loader
from schema.customers.contact import may_read_notes
from schema.customers.events import Event, FollowUp

Ids: TypeAlias = Collection[UUID]


async def find_node(info: Info, id: str) -> object:
    return (await find_nodes(info, [id]))[0]


async def find_nodes(info: Info, ids: Sequence[str]) -> list[object]:
    """Return each in its place, None for one that the viewer can't see; one read of each type."""
    wanted = [global_ids.parts(id) or ("", global_ids.NOTHING) for id in ids]
    by_type: dict[str, list[UUID]] = defaultdict(list)
    for type_name, id in wanted:
        by_type[type_name].append(id)
    found = {
        type_name: await FINDERS[type_name](info, of_type)
        for type_name, of_type in by_type.items()
        if type_name in FINDERS
    }
    return [found[type_name].get(id) if type_name in found else None for type_name, id in wanted]


async def find_customers(info: Info, ids: Ids) -> dict[UUID, tables.Customer]:
    found = await _loaded(info.context.loaders.customers, ids)
    return {id: each for id, each in found.items() if info.context.viewer.sees(each)}


async def find_pools(info: Info, ids: Ids) -> dict[UUID, tables.Pool]:
    found = await _loaded(info.context.loaders.pools, ids)
    return {id: each for id, each in found.items() if info.context.viewer.sees_pool(id)}


async def find_members(info: Info, ids: Ids) -> dict[UUID, tables.Member]:
    return await _loaded(info.context.loaders.members, ids)


async def find_departments(info: Info, ids: Ids) -> dict[UUID, tables.Department]:
    return await _loaded(info.context.loaders.departments, ids)


async def find_organizations(info: Info, ids: Ids) -> dict[UUID, tables.Organization]:
    own = info.context.viewer.organization
    return {own.id: own}


async def find_webhooks(info: Info, ids: Ids) -> dict[UUID, tables.Webhook]:
    viewer = info.context.viewer
    return await find(viewer, tables.Webhook, ids) if viewer.is_admin else {}


async def find_deliveries(info: Info, ids: Ids) -> dict[UUID, tables.WebhookDelivery]:
    viewer = info.context.viewer
    return await find(viewer, tables.WebhookDelivery, ids) if viewer.is_admin else {}


async def find_channels(info: Info, ids: Ids) -> dict[UUID, tables.Channel]:
    viewer = info.context.viewer
    found = await find(viewer, tables.Channel, ids)
    return {id: each for id, each in found.items() if may_change(viewer, each)}


async def find_channel_deliveries(info: Info, ids: Ids) -> dict[UUID, tables.ChannelDelivery]:
    found = await find(info.context.viewer, tables.ChannelDelivery, ids)
    channels = await find_channels(info, {each.channel_id for each in found.values()})
    return {id: each for id, each in found.items() if each.channel_id in channels}


async def find_events(info: Info, ids: Ids) -> dict[UUID, object]:
    seen = await _seen_events(info, ids, Viewer.sees)
    public = {id: each for id, each in seen.items() if each.action in Action.__members__}
    return {id: strawberry.cast(Event, each) for id, each in public.items()}


async def find_follow_ups(info: Info, ids: Ids) -> dict[UUID, object]:
    seen = await _seen_events(info, ids, may_read_notes)
    theirs = {id: each for id, each in seen.items() if each.action == "FOLLOWED_UP"}
    return {id: strawberry.cast(FollowUp, each) for id, each in theirs.items()}


async def find_extensions(info: Info, ids: Ids) -> dict[UUID, Extension]:
    return await visible_extensions(info.context.viewer, ids)


async def _seen_events(
    info: Info, ids: Ids, may_see: Callable[[Viewer, tables.Customer], bool]
) -> dict[UUID, tables.Event]:
    viewer = info.context.viewer
    events = await find(viewer, tables.Event, ids)
    of = {each.customer_id for each in events.values() if each.customer_id}
    customers = await _loaded(info.context.loaders.customers, of)
    seen = {id for id, each in customers.items() if may_see(viewer, each)}
    return {id: each for id, each in events.items() if each.customer_id in seen}


async def _loaded(loader: Loader[UUID, Any], ids: Ids) -> dict[UUID, Any]:
    found = await loader.load_many(ids)
    return {id: each for id, each in zip(ids, found, strict=True) if each}


FINDERS: dict[str, Callable[[Info, Ids], Awaitable[Mapping[UUID, object]]]] = {
    "Customer": find_customers,
    "Pool": find_pools,
    "Member": find_members,
    "Department": find_departments,
    "Organization": find_organizations,
    "Event": find_events,
    "FollowUp": find_follow_ups,
    "Extension": find_extensions,
    "Webhook": find_webhooks,
    "WebhookDelivery": find_deliveries,
    "Channel": find_channels,
    "ChannelDelivery": find_channel_deliveries,
}
