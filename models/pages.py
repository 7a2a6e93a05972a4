"""Every list that a client can page through, for many parents at once."""

import unicodedata
from collections.abc import Sequence
from uuid import UUID

from models.keyset import Order, Page, Query, by_parent, page_of, page_rows
from models.refusals import InvalidInput, Problem
from models.tables import CUSTOMER_COLUMNS, Customer, Event, Member
from models.texts import Text
from models.viewers import Viewer

SEARCH_LENGTH = 100
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
MEMBERS = Order('c.name COLLATE "C"', "text")
# Kept for the decision that follows: a history tells the decision.
UNTOLD = "('EXTENSION_REQUESTED', 'EXTENSION_DECLINED')"
EVENTS = Order("c.seq", "bigint", descending=True)

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


async def pooled(
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
    where = "c.pool_id = parent.id AND c.owner_id IS NULL" + _pool_filters(query, search, level)
    pages = await _customers(query, IN_POOL, where, POOLED[order], order, first, after)
    return {id: pages[n] for n, id in enumerate(pool_ids)}


async def count_pooled(
    pool_ids: Sequence[UUID], search: str | None, level: str | None
) -> dict[UUID, int]:
    query = Query(list(pool_ids))
    filters = _pool_filters(query, search, level)
    rows = await query.rows(
        "SELECT c.pool_id AS id, count(*) AS n FROM customer c"
        f" WHERE c.pool_id = ANY($1) AND c.owner_id IS NULL{filters} GROUP BY 1",
    )
    return dict.fromkeys(pool_ids, 0) | {row["id"]: row["n"] for row in rows}


async def held(
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
    where = HELD_WHERE + _search(query, search)
    pages = await _customers(query, OF_MEMBER, where, HELD[order], order, first, after)
    return {key: pages[n] for n, key in enumerate(keys)}


async def count_held(
    viewer: Viewer, keys: Sequence[HeldKey], search: str | None
) -> dict[HeldKey, int]:
    query = _held_query(viewer, keys)
    where = HELD_WHERE + _search(query, search)
    rows = await query.rows(
        f"SELECT parent.n, count(c.id) AS count FROM {OF_MEMBER}"
        f" LEFT JOIN customer c ON {where} GROUP BY 1 ORDER BY 1",
    )
    return {key: row["count"] for key, row in zip(keys, rows, strict=True)}


async def history(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    """Every event of each customer's life, newest first."""
    return await _events(customer_ids, f" AND c.action NOT IN {UNTOLD}", first, after)


async def follow_ups(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    return await _events(customer_ids, " AND c.action = 'FOLLOWED_UP'", first, after)


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


async def members(
    viewer: Viewer,
    *,
    first: int,
    after: str | None,
    search: str | None,
    department_id: UUID | None,
) -> Page[Member]:
    """Colleagues by name: all of them for whoever manages, else the viewer alone."""
    query = Query(viewer.organization.id)
    where = "c.organization_id = parent.id"
    if not viewer.manages:
        where += f" AND c.id = {query.add(viewer.id)}"
    if department_id:
        where += f" AND c.department_id = {query.add(department_id)}"
    if term := _term(search):
        like = query.add(_like(term))
        where += f" AND (searchable(c.name) LIKE {like} OR lower(c.email) LIKE {like})"
    parents = "(SELECT $1::uuid AS id, 1 AS n) AS parent"
    rows = await page_rows(query, parents, "member", "c.*", where, MEMBERS, "members", first, after)
    return page_of(rows, Member, "members", first)


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


async def _events(
    customer_ids: Sequence[UUID], filters: str, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    query = Query(list(customer_ids))
    where = "c.customer_id = parent.id" + filters
    rows = await page_rows(query, IN_POOL, "event", "c.*", where, EVENTS, "events", first, after)
    pages = by_parent(rows, len(customer_ids))
    return {
        id: page_of(each, Event, "events", first)
        for id, each in zip(customer_ids, pages, strict=True)
    }


def _pool_filters(query: Query, search: str | None, level: str | None) -> str:
    by_level = f" AND c.level = {query.add(level)}" if level is not None else ""
    return by_level + _search(query, search)


def _held_query(viewer: Viewer, keys: Sequence[HeldKey]) -> Query:
    pools = None if viewer.is_admin else list(viewer.open_pools)
    return Query([id for id, _ in keys], [pool for _, pool in keys], pools, viewer.id)


def _search(query: Query, search: str | None) -> str:
    term = _term(search)
    if not term:
        return ""
    grams = [term] if len(term) == 1 else [term[n : n + 2] for n in range(len(term) - 1)]
    query.planned_anew = True
    found = f" AND c.name_grams @> {query.add(grams)}::text[]"
    if len(term) <= 2:
        return found
    # strpos and not LIKE: the planner takes LIKE to be rare and walks 200,000 matches of 有限公司.
    return found + f" AND strpos(c.search_name, {query.add(term)}::text) > 0"


def _term(search: str | None) -> str:
    """As the database's searchable() folds a name."""
    if search is None:
        return ""
    if len(search) > SEARCH_LENGTH or "\0" in search:
        message = Text("must be no longer than {most} characters", most=SEARCH_LENGTH)
        raise InvalidInput((Problem("search", message),))
    return "".join(unicodedata.normalize("NFKC", search).split()).lower()


def _like(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
