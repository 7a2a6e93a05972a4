"""Pages of a customer's events."""

from collections.abc import Sequence
from uuid import UUID

from models.database.pagination import Listing, Order, Page, Query, by_parent, page_rows
from models.ledger.actions import PUBLIC, in_sql
from models.lists.customers import IN_POOL
from models.lists.many_pages import pages_of
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
    first: int,
    after: str | None,
    absorbed: bool = False,
) -> dict[UUID, Page[Event]]:
    """Each customer's public events, newest first; with those of whatever it absorbed."""
    filters = f" AND c.action IN {in_sql(PUBLIC)}"
    return await _events(viewer, customer_ids, filters, first, after, absorbed)


async def customer_follow_ups(
    viewer: Viewer,
    customer_ids: Sequence[UUID],
    *,
    first: int,
    after: str | None,
    absorbed: bool = False,
) -> dict[UUID, Page[Event]]:
    """Each customer's follow-ups, newest first; with those of whatever it absorbed."""
    filters = " AND c.action = 'FOLLOWED_UP'"
    return await _events(viewer, customer_ids, filters, first, after, absorbed)


async def _events(
    viewer: Viewer,
    customer_ids: Sequence[UUID],
    filters: str,
    first: int,
    after: str | None,
    absorbed: bool,
) -> dict[UUID, Page[Event]]:
    query = Query(viewer.organization.id, list(customer_ids))
    where = (OF_BOTH if absorbed else "c.customer_id = parent.id") + filters
    rows = await page_rows(query, EVENTS, IN_POOL, where, first, after, viewer.seal)
    grouped = by_parent(rows, len(customer_ids))
    pages = await pages_of(grouped, Event, EVENTS, first, viewer.seal)
    return dict(zip(customer_ids, pages, strict=True))
