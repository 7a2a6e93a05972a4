"""Pages of a customer's events."""

from collections.abc import Sequence
from uuid import UUID

from models.database.pagination import Listing, Order, Page, Query, by_parent, page_of, page_rows
from models.ledger.actions import PUBLIC, in_sql
from models.lists.customers import IN_POOL
from models.tables import Event
from models.viewers import Viewer

EVENTS = Listing("events", "event", "c.*", Order("c.seq", "bigint", descending=True))


async def customer_history(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    """Each customer's public events, newest first."""
    return await _events(viewer, customer_ids, f" AND c.action IN {in_sql(PUBLIC)}", first, after)


async def customer_follow_ups(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    """Each customer's follow-ups, newest first."""
    return await _events(viewer, customer_ids, " AND c.action = 'FOLLOWED_UP'", first, after)


async def _events(
    viewer: Viewer, customer_ids: Sequence[UUID], filters: str, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    query = Query(viewer.organization.id, list(customer_ids))
    where = "c.customer_id = parent.id" + filters
    rows = await page_rows(query, EVENTS, IN_POOL, where, first, after)
    pages = by_parent(rows, len(customer_ids))
    return {
        id: page_of(each, Event, EVENTS, first)
        for id, each in zip(customer_ids, pages, strict=True)
    }
