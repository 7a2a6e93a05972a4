"""Pages of customers, for many pools or members at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from models.lists.many_pages import pages_of
from models.lists.name_walk import UNHELD, walk_names
from models.lists.search import IN_ONE_POOL, held_filters, pool_filters, search_term
from models.paging import Found, Listing, Order, Page, Query, Window, read_pages
from models.tables import CUSTOMER_COLUMNS, POOLED_COLUMNS, Customer, Pool, pooled_in
from models.taking.terms import TERM_COLUMNS, TERM_JOINS, Terms, terms_in
from models.viewers import Viewer

HeldKey = tuple[UUID, UUID | None]

# By pinyin, see models.lists.name_order.
BY_NAME = Order("c.sort_name", "text")
POOLED = {
    "OPENED_LATEST": Order("c.opened_at", "timestamptz", descending=True),
    "OPENED_EARLIEST": Order("c.opened_at", "timestamptz"),
    "NAME": BY_NAME,
}
HELD = {
    "RELEASE_SOONEST": Order("coalesce(c.release_at, 'infinity')", "timestamptz"),
    "CLAIMED_LATEST": Order("c.claimed_at", "timestamptz", descending=True),
    "NAME": BY_NAME,
}
# Cursors carry these names: one of the order NAME by characters leads nowhere by pinyin.
LISTINGS = {"NAME": "NAME by pinyin"}

IN_POOL = "unnest($2::uuid[]) WITH ORDINALITY AS parent(id, n)"
OF_MEMBER = "unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS parent(id, pool_id, n)"
HELD_WHERE = (
    "c.owner_id = parent.id AND (parent.pool_id IS NULL OR c.pool_id = parent.pool_id)"
    " AND ($4::uuid[] IS NULL OR c.owner_id = ANY($5) OR c.pool_id = ANY($4))"
)


async def pooled_customers(
    viewer: Viewer,
    pool_ids: Sequence[UUID],
    *,
    window: Window,
    order: str,
    search: str | None,
    level: str | None,
) -> dict[UUID, Page[Customer]]:
    """Customers that nobody holds, by pool."""
    query = Query(viewer.organization.id, list(pool_ids))
    listing = _listing(order, POOLED, POOLED_COLUMNS)
    found = await _pooled(viewer, query, listing, window, search, level)
    return await _pages_by_pool(viewer, found, pool_ids)


async def pooled_with_terms(
    viewer: Viewer,
    pools: Mapping[UUID, Pool],
    *,
    window: Window,
    order: str,
    search: str | None,
    level: str | None,
) -> tuple[dict[UUID, Page[Customer]], Terms]:
    """Customers that nobody holds, by pool, with what decides whether the viewer may claim them."""
    query = Query(viewer.organization.id, list(pools))
    member = query.add(viewer.id)
    listing = replace(
        _listing(order, POOLED, POOLED_COLUMNS),
        beside=TERM_JOINS.format(members=f"(SELECT {member}::uuid)", pool="parent.id"),
        given=f"{member}::uuid IS NOT NULL",
        shown=f"c.*, {TERM_COLUMNS}",
    )
    found = await _pooled(viewer, query, listing, window, search, level)
    pages = await _pages_by_pool(viewer, found, pools)
    return pages, terms_in(viewer, dict(zip(pools, found.rows, strict=True)), pools)


async def _pages_by_pool(
    viewer: Viewer, found: Found, pool_ids: Collection[UUID]
) -> dict[UUID, Page[Customer]]:
    known = [pooled_in(viewer.organization.id, id) for id in pool_ids]
    return dict(zip(pool_ids, await pages_of(found, Customer, known), strict=True))


async def _pooled(
    viewer: Viewer,
    query: Query,
    listing: Listing,
    window: Window,
    search: str | None,
    level: str | None,
) -> Found:
    count = len(query.values[1])
    if count == 1 and level is None and (term := search_term(search)):
        walked = await walk_names(query, listing, term, window, viewer.seal)
        if walked:
            return walked
    pools = IN_ONE_POOL if count == 1 else IN_POOL
    where = UNHELD + pool_filters(query, search, level)
    return await read_pages(query, listing, pools, where, window, viewer.seal, count)


async def held_customers(
    viewer: Viewer,
    keys: Sequence[HeldKey],
    *,
    window: Window,
    order: str,
    search: str | None,
) -> dict[HeldKey, Page[Customer]]:
    """Customers held, by (member, pool or None for all pools), that the viewer may see."""
    query = held_query(viewer, keys)
    where = HELD_WHERE + held_filters(query, viewer, search)
    pages = await customer_pages(viewer, query, _listing(order, HELD), OF_MEMBER, where, window)
    return {key: pages[n] for n, key in enumerate(keys)}


async def customer_pages(
    viewer: Viewer,
    query: Query,
    listing: Listing,
    parents: str,
    where: str,
    window: Window,
) -> list[Page[Customer]]:
    count = len(query.values[1])
    found = await read_pages(query, listing, parents, where, window, viewer.seal, count)
    return await pages_of(found, Customer)


def _listing(order: str, orders: Mapping[str, Order], columns: str = CUSTOMER_COLUMNS) -> Listing:
    return Listing(LISTINGS.get(order, order), "customer", columns, orders[order])


def held_query(viewer: Viewer, keys: Sequence[HeldKey]) -> Query:
    pools = None if viewer.is_admin else list(viewer.open_pools)
    members, of_pools = [id for id, _ in keys], [pool for _, pool in keys]
    return Query(viewer.organization.id, members, of_pools, pools, viewer.holders)
