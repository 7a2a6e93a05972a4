"""Pages of the customers whose deal waits for an administrator's confirmation."""

from collections.abc import Sequence
from uuid import UUID

from models.database.pagination import Listing, Order, Page, Query, by_parent, page_rows
from models.lists.customers import IN_POOL
from models.lists.decided import decided_by
from models.lists.many_pages import pages_of
from models.tables import CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer

LISTING = Listing(
    "unconfirmed deals", "customer", CUSTOMER_COLUMNS, Order("c.deal_reported_at", "timestamptz")
)
WAITING = "c.deal_reported_at IS NOT NULL AND c.owner_id IS NOT NULL"


async def unconfirmed_deals(
    viewer: Viewer, pool_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Customer]]:
    """Return a page for each pool; whose deal has waited longest comes first."""
    query = Query(viewer.organization.id, list(pool_ids))
    where = f"c.pool_id = parent.id AND {WAITING}"
    where += decided_by(viewer, query, pool_ids, "c.owner_id")
    rows = await page_rows(query, LISTING, IN_POOL, where, first, after, viewer.seal)
    grouped = by_parent(rows, len(pool_ids))
    pages = await pages_of(grouped, Customer, LISTING, first, viewer.seal)
    return dict(zip(pool_ids, pages, strict=True))


async def count_unconfirmed_deals(viewer: Viewer, pool_ids: Sequence[UUID]) -> dict[UUID, int]:
    query = Query(viewer.organization.id, list(pool_ids))
    waiting = WAITING + decided_by(viewer, query, pool_ids, "c.owner_id")
    rows = await query.rows(
        "SELECT c.pool_id AS id, count(*) AS n FROM customer c WHERE c.organization_id = $1"
        f" AND c.pool_id = ANY($2) AND {waiting} GROUP BY 1",
    )
    return dict.fromkeys(pool_ids, 0) | {row["id"]: row["n"] for row in rows}
