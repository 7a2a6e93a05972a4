"""The customers that a leaver lost, wherever they are today."""

from collections.abc import Sequence
from uuid import UUID

from models.lists.customers import BY_NAME, IN_POOL, customer_pages
from models.paging import Listing, Page, Query, Window
from models.tables import CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer

SINCE_LEFT = (
    "e.seq > (SELECT max(l.seq) FROM event l WHERE l.organization_id = $1"
    " AND l.action = 'MEMBER_LEFT' AND l.member_id = parent.id)"
    " AND EXISTS (SELECT FROM customer k WHERE k.organization_id = $1 AND k.id = e.customer_id"
    " AND k.pool_id IS NOT NULL)"
)
LEFT_BEHIND = (
    "SELECT e.customer_id FROM event e WHERE e.organization_id = $1"
    " AND e.action = 'RELEASED' AND e.release_reason = 'MEMBER_LEFT' AND e.member_id = parent.id"
    f" AND {SINCE_LEFT} UNION"
    " SELECT e.customer_id FROM event e WHERE e.organization_id = $1"
    f" AND e.action = 'TRANSFERRED' AND e.former_id = parent.id AND {SINCE_LEFT}"
)


async def left_behind(
    viewer: Viewer, member_ids: Sequence[UUID], *, window: Window
) -> dict[UUID, Page[Customer]]:
    """Every customer that each leaver lost when they last left, wherever it is today."""
    query = Query(viewer.organization.id, list(member_ids))
    where = f"c.id = ANY (ARRAY({LEFT_BEHIND}))"
    listing = Listing("left by pinyin", "customer", CUSTOMER_COLUMNS, BY_NAME)
    pages = await customer_pages(viewer, query, listing, IN_POOL, where, window)
    return {id: pages[n] for n, id in enumerate(member_ids)}


async def count_left_behind(viewer: Viewer, member_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await Query(viewer.organization.id, list(member_ids)).rows(
        f"SELECT parent.id, (SELECT count(*) FROM ({LEFT_BEHIND}) AS e) AS n FROM {IN_POOL}"
    )
    return {row["id"]: row["n"] for row in rows}
