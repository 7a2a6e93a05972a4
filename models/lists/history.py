"""Pages of a customer's events."""

from collections.abc import Sequence
from uuid import UUID

from models.ledger.actions import PUBLIC, in_sql
from models.lists.customers import IN_POOL
from models.lists.many_pages import pages_of
from models.paging import Listing, Order, Page, Query, Window, read_pages
from models.tables import TEXTS, TOLD_COLUMNS, Event
from models.viewers import Viewer

BY_TIME = Order("c.seq", "bigint", descending=True)
EVENTS = Listing("events", "event", TOLD_COLUMNS, BY_TIME, TEXTS)

OF_BOTH = (
    "c.customer_id IN (SELECT parent.id UNION ALL SELECT m.id FROM customer m"
    " WHERE m.organization_id = $1 AND m.merged_into = parent.id)"
    # The merge is told once, by the customer that was kept.
    " AND NOT (c.action = 'MERGED' AND c.details ? 'into')"
)


async def customer_history(
    viewer: Viewer,
    customer_ids: Sequence[UUID],
    *,
    window: Window,
    absorbed: bool = False,
) -> dict[UUID, Page[Event]]:
    """Each customer's public events, newest first; with those of whatever it absorbed."""
    filters = f" AND c.action IN {in_sql(PUBLIC)}"
    return await _events(viewer, customer_ids, filters, window, absorbed)


async def customer_follow_ups(
    viewer: Viewer,
    customer_ids: Sequence[UUID],
    *,
    window: Window,
    absorbed: bool = False,
) -> dict[UUID, Page[Event]]:
    """Each customer's follow-ups, newest first; with those of whatever it absorbed."""
    filters = " AND c.action = 'FOLLOWED_UP'"
    return await _events(viewer, customer_ids, filters, window, absorbed)


async def _events(
    viewer: Viewer,
    customer_ids: Sequence[UUID],
    filters: str,
    window: Window,
    absorbed: bool,
) -> dict[UUID, Page[Event]]:
    query = Query(viewer.organization.id, list(customer_ids))
    where = (OF_BOTH if absorbed else "c.customer_id = parent.id") + filters
    of_all = (IN_POOL, where, window, viewer.seal, len(customer_ids))
    pages = await pages_of(await read_pages(query, EVENTS, *of_all), Event)
    return dict(zip(customer_ids, pages, strict=True))
