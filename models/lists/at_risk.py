"""Pages of the customers of a pool that are released soon unless their owner does something."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from models.lists.customers import IN_POOL
from models.lists.decided import decided_by
from models.paging import Listing, Order, Page, Query, Window, read_pages
from models.refusals import InvalidInput
from models.rules.durations import Span
from models.tables import CUSTOMER_COLUMNS, Customer
from models.texts.text import Text
from models.viewers import Viewer

LISTING = Listing("at risk", "customer", CUSTOMER_COLUMNS, Order("c.release_at", "timestamptz"))
SOON = "c.owner_id IS NOT NULL AND c.release_at <= now() + {}::interval"


async def at_risk(
    viewer: Viewer, pool_ids: Sequence[UUID], *, within: Span, window: Window
) -> dict[UUID, Page[Customer]]:
    """Return a page for each pool of what is released within that time; the nearest comes first.

    A day of `within` has 24 hours. Raises InvalidInput where `within` is negative.
    """
    query = Query(viewer.organization.id, list(pool_ids))
    where = f"c.pool_id = parent.id AND {SOON.format(query.add(_length(within)))}"
    where += decided_by(viewer, query, pool_ids, "c.owner_id")
    of_all = (IN_POOL, where, window, viewer.seal, len(pool_ids))
    found = await read_pages(query, LISTING, *of_all)
    return {id: found.page(n, Customer) for n, id in enumerate(pool_ids)}


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
