"""Pages of the customers whose deal waits for an administrator's confirmation."""

from collections.abc import Sequence
from uuid import UUID

from models.lists.customers import IN_POOL
from models.lists.decided import decided_by
from models.lists.many_pages import pages_of
from models.paging import Listing, Order, Page, Query, Window, read_pages
from models.tables import CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer

LISTING = Listing(
    "unconfirmed deals", "customer", CUSTOMER_COLUMNS, Order("c.deal_reported_at", "timestamptz")
)
WAITING = "c.deal_reported_at IS NOT NULL AND c.owner_id IS NOT NULL"


async def unconfirmed_deals(
    viewer: Viewer, pool_ids: Sequence[UUID], *, window: Window
) -> dict[UUID, Page[Customer]]:
    """Return a page for each pool; whose deal has waited longest comes first."""
    query = Query(viewer.organization.id, list(pool_ids))
    where = f"c.pool_id = parent.id AND {WAITING}"
    where += decided_by(viewer, query, pool_ids, "c.owner_id")
    of_all = (IN_POOL, where, window, viewer.seal, len(pool_ids))
    pages = await pages_of(await read_pages(query, LISTING, *of_all), Customer)
    return dict(zip(pool_ids, pages, strict=True))


async def count_unconfirmed_deals(viewer: Viewer, pool_ids: Sequence[UUID]) -> dict[UUID, int]:
    query = Query(viewer.organization.id, list(pool_ids))
    waiting = WAITING + decided_by(viewer, query, pool_ids, "c.owner_id")
    rows = await query.rows(
        "SELECT c.pool_id AS id, count(*) AS n FROM customer c WHERE c.organization_id = $1"
        f" AND c.pool_id = ANY($2) AND {waiting} GROUP BY 1",
    )
    return dict.fromkeys(pool_ids, 0) | {row["id"]: row["n"] for row in rows}
