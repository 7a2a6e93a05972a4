"""Pages of the customers of a pool that are released soon unless their owner does something."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from models.database.pagination import Listing, Order, Page, Query, by_parent, page_of, page_rows
from models.lists.customers import IN_POOL
from models.lists.decided import decided_by
from models.refusals import InvalidInput
from models.rules.durations import Span
from models.tables import CUSTOMER_COLUMNS, Customer
from models.texts.text import Text
from models.viewers import Viewer

LISTING = Listing("at risk", "customer", CUSTOMER_COLUMNS, Order("c.release_at", "timestamptz"))
SOON = "c.owner_id IS NOT NULL AND c.release_at <= now() + {}::interval"


async def at_risk(
    viewer: Viewer, pool_ids: Sequence[UUID], *, within: Span, first: int, after: str | None
) -> dict[UUID, Page[Customer]]:
    """Return a page for each pool of what is released within that time; the nearest comes first.

    A day of `within` has 24 hours. Raises InvalidInput where `within` is negative.
    """
    query = Query(viewer.organization.id, list(pool_ids))
    where = f"c.pool_id = parent.id AND {SOON.format(query.add(_length(within)))}"
    where += decided_by(viewer, query, pool_ids, "c.owner_id")
    rows = await page_rows(query, LISTING, IN_POOL, where, first, after, viewer.seal)
    pages = by_parent(rows, len(pool_ids))
    return {
        id: page_of(each, Customer, LISTING, first, viewer.seal)
        for id, each in zip(pool_ids, pages, strict=True)
    }


async def count_at_risk(
    viewer: Viewer, pool_ids: Sequence[UUID], *, within: Span
) -> dict[UUID, int]:
    query = Query(viewer.organization.id, list(pool_ids))
    soon = SOON.format(query.add(_length(within)))
    soon += decided_by(viewer, query, pool_ids, "c.owner_id")
    rows = await query.rows(
        "SELECT c.pool_id AS id, count(*) AS n FROM customer c WHERE c.organization_id = $1"
        f" AND c.pool_id = ANY($2) AND {soon} GROUP BY 1",
    )
    return dict.fromkeys(pool_ids, 0) | {row["id"]: row["n"] for row in rows}


def _length(within: Span) -> timedelta:
    if within.length < timedelta(0):
        raise InvalidInput.at("within", Text("must not be negative"))
    return within.length
