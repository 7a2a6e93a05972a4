"""Lists by keyset: a page starts after a row's key, so it stays put while rows come and go.

Each function answers for many parents at once, by one statement with a lateral join.
"""

import base64
import binascii
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from models import database
from models.refusals import InvalidInput, Problem
from models.tables import CUSTOMER_COLUMNS, Customer, Event, Member
from models.viewers import Viewer

MOST = 100
SEARCH_LENGTH = 100
Node = TypeVar("Node")
# How asyncpg writes infinity.
INFINITY = datetime.max  # noqa: DTZ901
HeldKey = tuple[UUID, UUID | None]


@dataclass(frozen=True, slots=True)
class Page(Generic[Node]):
    nodes: list[Node]
    has_next: bool
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """By which expression rows follow one another; the id decides between equals."""

    key: str
    type: str
    descending: bool = False

    @property
    def direction(self) -> str:
        return "DESC" if self.descending else "ASC"

    def after(self, key: str, id: str) -> str:
        sign = "<" if self.descending else ">"
        return f"({self.key}, c.id) {sign} ({key}::{self.type}, {id}::uuid)"

    def by(self) -> str:
        return f"{self.key} {self.direction}, c.id {self.direction}"


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
EVENTS = Order("c.seq", "bigint", descending=True)

PAGE = """
SELECT parent.n, page.* FROM {parents},
LATERAL (
  SELECT {columns}, ({key})::text AS page_key FROM {table} c
  WHERE {where} {after} ORDER BY {by} LIMIT {limit}
) AS page ORDER BY parent.n
"""
IN_POOL = "unnest($1::uuid[]) WITH ORDINALITY AS parent(id, n)"
OF_MEMBER = "unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS parent(id, pool_id, n)"
HELD_WHERE = (
    "c.owner_id = parent.id AND (parent.pool_id IS NULL OR c.pool_id = parent.pool_id)"
    " AND ($3::uuid[] IS NULL OR c.owner_id = $4 OR c.pool_id = ANY($3))"
)


class Query:
    """The values of a statement, numbered as they are added."""

    def __init__(self, *values: Any) -> None:
        self.values = list(values)

    def add(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"


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
    rows = await database.rows(
        "SELECT c.pool_id AS id, count(*) AS n FROM customer c"
        f" WHERE c.pool_id = ANY($1) AND c.owner_id IS NULL{filters} GROUP BY 1",
        *query.values,
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
    rows = await database.rows(
        f"SELECT parent.n, count(c.id) AS count FROM {OF_MEMBER}"
        f" LEFT JOIN customer c ON {where} GROUP BY 1 ORDER BY 1",
        *query.values,
    )
    return {key: row["count"] for key, row in zip(keys, rows, strict=True)}


async def history(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    """Every event of each customer's life, newest first."""
    return await _events(customer_ids, "", first, after)


async def follow_ups(
    viewer: Viewer, customer_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    return await _events(customer_ids, " AND c.action = 'FOLLOWED_UP'", first, after)


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
    rows = await _rows(query, parents, "member", "c.*", where, MEMBERS, "members", first, after)
    return _page(rows, Member, "members", first)


def check_first(first: int) -> None:
    if not 1 <= first <= MOST:
        raise InvalidInput((Problem("first", f"must be from 1 to {MOST}"),))


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
    rows = await _rows(
        query, parents, "customer", CUSTOMER_COLUMNS, where, order, name, first, after
    )
    return [_page(each, Customer, name, first) for each in _by_parent(rows, count)]


async def _events(
    customer_ids: Sequence[UUID], filters: str, first: int, after: str | None
) -> dict[UUID, Page[Event]]:
    query = Query(list(customer_ids))
    where = "c.customer_id = parent.id" + filters
    rows = await _rows(query, IN_POOL, "event", "c.*", where, EVENTS, "events", first, after)
    pages = _by_parent(rows, len(customer_ids))
    return {
        id: _page(each, Event, "events", first)
        for id, each in zip(customer_ids, pages, strict=True)
    }


async def _rows(
    query: Query,
    parents: str,
    table: str,
    columns: str,
    where: str,
    order: Order,
    name: str,
    first: int,
    after: str | None,
) -> list[dict[str, Any]]:
    check_first(first)
    start = ""
    if after is not None:
        key, id = _decode(after, name, order)
        start = f"AND {order.after(query.add(key), query.add(id))}"
    sql = PAGE.format(
        parents=parents,
        columns=columns,
        table=table,
        key=order.key,
        where=where,
        after=start,
        by=order.by(),
        limit=query.add(first + 1),
    )
    return await database.rows(sql, *query.values)


def _by_parent(rows: list[dict[str, Any]], count: int) -> list[list[dict[str, Any]]]:
    grouped: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    for row in rows:
        grouped[row["n"] - 1].append(row)
    return grouped


def _page(rows: list[dict[str, Any]], model: Any, name: str, first: int) -> Page[Any]:
    shown = rows[:first]
    end = _encode(name, shown[-1]) if shown else None
    return Page([model._init_from_db(**row) for row in shown], len(rows) > first, end)


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
    return (
        f" AND c.name_grams @> {query.add(grams)}::text[]"
        f" AND searchable(c.name) LIKE {query.add(_like(term))}::text"
    )


def _term(search: str | None) -> str:
    """As the database's searchable() folds a name."""
    if search is None:
        return ""
    if len(search) > SEARCH_LENGTH or "\0" in search:
        message = f"must be no longer than {SEARCH_LENGTH} characters"
        raise InvalidInput((Problem("search", message),))
    return "".join(unicodedata.normalize("NFKC", search).split()).lower()


def _like(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _encode(name: str, row: dict[str, Any]) -> str:
    plain = json.dumps([name, row["page_key"], str(row["id"])], ensure_ascii=False)
    return base64.urlsafe_b64encode(plain.encode()).decode()


def _decode(after: str, name: str, order: Order) -> tuple[Any, UUID]:
    try:
        made_for, key, id = json.loads(base64.urlsafe_b64decode(after.encode()))
        if made_for == name:
            return _typed(key, order), UUID(id)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        pass
    message = "must be the endCursor of this list in the same order, unchanged"
    raise InvalidInput((Problem("after", message),))


def _typed(key: str, order: Order) -> Any:
    if order.type == "bigint":
        return int(key)
    if order.type == "timestamptz":
        return INFINITY if key == "infinity" else datetime.fromisoformat(key)
    return key
