"""Every list that a client can page through, for many parents at once."""

from collections.abc import Sequence
from uuid import UUID

from models.database.pagination import Order, Page, Query, by_parent, page_of, page_rows
from models.lists.search import pool_filters, search_condition
from models.tables import CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer

HeldKey = tuple[UUID, UUID | None]

POOLED = {
    "OPENED_LATEST": Order("c.opened_at", "timestamptz", descending=True),
    "OPENED_EARLIEST": Order("c.opened_at", "timestamptz"),
    "NAME": Order('c.name COLLATE "C"', "text"),
}
HELD = {
    "RELEASE_SOONEST": Order("coalesce(c.release_at, 'infinity')", "timestamptz"),
    "CLAIMED_LATEST": Order("c.claimed_at", "timestamptz", descending=True),
    "NAME": Order('c.name COLLATE "C"', "text"),
}

LEFT_BEHIND = (
    "SELECT DISTINCT e.customer_id FROM event e"
    " WHERE e.action = 'RELEASED' AND e.release_reason = 'MEMBER_LEFT'"
)
IN_POOL = "unnest($1::uuid[]) WITH ORDINALITY AS parent(id, n)"
OF_MEMBER = "unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS parent(id, pool_id, n)"
HELD_WHERE = (
    "c.owner_id = parent.id AND (parent.pool_id IS NULL OR c.pool_id = parent.pool_id)"
    " AND ($3::uuid[] IS NULL OR c.owner_id = $4 OR c.pool_id = ANY($3))"
)


async def pooled_customers(
    viewer: Viewer,
    pool_ids: Sequence[UUID],
    *,
    first: int,
    after: str | None,
    order: str,
    search: str | None,
    level: str | None,
) -> dict[UUID, Page[Customer]]:
    """Customers that nobody holds, by pool."""
    query = Query(list(pool_ids))
    where = "c.pool_id = parent.id AND c.owner_id IS NULL" + pool_filters(query, search, level)
    pages = await _customers(query, IN_POOL, where, POOLED[order], order, first, after)
    return {id: pages[n] for n, id in enumerate(pool_ids)}


async def count_pooled(
    pool_ids: Sequence[UUID], search: str | None, level: str | None
) -> dict[UUID, int]:
    query = Query(list(pool_ids))
    filters = pool_filters(query, search, level)
    rows = await query.rows(
        "SELECT c.pool_id AS id, count(*) AS n FROM customer c"
        f" WHERE c.pool_id = ANY($1) AND c.owner_id IS NULL{filters} GROUP BY 1",
    )
    return dict.fromkeys(pool_ids, 0) | {row["id"]: row["n"] for row in rows}


async def held_customers(
    viewer: Viewer,
    keys: Sequence[HeldKey],
    *,
    first: int,
    after: str | None,
    order: str,
    search: str | None,
) -> dict[HeldKey, Page[Customer]]:
    """What members hold, by (member, pool or None for all), as far as the viewer may see it."""
    query = _held_query(viewer, keys)
    where = HELD_WHERE + search_condition(query, search)
    pages = await _customers(query, OF_MEMBER, where, HELD[order], order, first, after)
    return {key: pages[n] for n, key in enumerate(keys)}


async def count_held(
    viewer: Viewer, keys: Sequence[HeldKey], search: str | None
) -> dict[HeldKey, int]:
    query = _held_query(viewer, keys)
    where = HELD_WHERE + search_condition(query, search)
    rows = await query.rows(
        f"SELECT parent.n, count(c.id) AS count FROM {OF_MEMBER}"
        f" LEFT JOIN customer c ON {where} GROUP BY 1 ORDER BY 1",
    )
    return {key: row["count"] for key, row in zip(keys, rows, strict=True)}


async def left_behind(
    member_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Customer]]:
    """What each leaver held in the end, wherever it is by now."""
    query = Query(list(member_ids))
    where = f"c.id IN ({LEFT_BEHIND} AND e.member_id = parent.id)"
    pages = await _customers(query, IN_POOL, where, POOLED["NAME"], "left", first, after)
    return {id: pages[n] for n, id in enumerate(member_ids)}


async def count_left_behind(member_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await Query(list(member_ids)).rows(
        f"SELECT parent.id, (SELECT count(*) FROM ({LEFT_BEHIND} AND e.member_id = parent.id)"
        f" AS e) AS n FROM {IN_POOL}"
    )
    return {row["id"]: row["n"] for row in rows}


async def _customers(
    query: Query,
    parents: str,
    where: str,
    order: Order,
    name: str,
    first: int,
    after: str | None,
) -> list[Page[Customer]]:
    count = len(query.values[0])
    rows = await page_rows(
        query, parents, "customer", CUSTOMER_COLUMNS, where, order, name, first, after
    )
    return [page_of(each, Customer, name, first) for each in by_parent(rows, count)]


def _held_query(viewer: Viewer, keys: Sequence[HeldKey]) -> Query:
    pools = None if viewer.is_admin else list(viewer.open_pools)
    return Query([id for id, _ in keys], [pool for _, pool in keys], pools, viewer.id)
