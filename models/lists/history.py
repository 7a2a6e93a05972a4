"""Pages of a customer's events."""

from collections.abc import Sequence
from uuid import UUID

from models.database.pagination import Listing, Order, Page, Query, by_parent, page_of, page_rows
from models.lists.customers import IN_POOL
from models.tables import Event
from models.viewers import Viewer

# Kept for the decision that follows: a history tells the decision.
UNTOLD = "('EXTENSION_REQUESTED', 'EXTENSION_DECLINED')"
EVENTS = Listing("events", "event", "c.*", Order("c.seq", "bigint", descending=True))


async def customer_history(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    """Every event of each customer's life, newest first."""
    return await _events(viewer, customer_ids, f" AND c.action NOT IN {UNTOLD}", first, after)


async def customer_follow_ups(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
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
