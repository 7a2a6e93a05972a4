"""Pages by keyset: a page starts after a row's key, so it stays put while rows come and go.

One statement with a lateral join answers for many parents at once.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from models import database
from models.database.door import as_model
from models.refusals import InvalidInput
from models.texts.text import Text

MOST = 100
# How asyncpg writes infinity.
INFINITY = datetime.max  # noqa: DTZ901
Node = TypeVar("Node")

PAGE = """
SELECT parent.n, page.* FROM {parents},
LATERAL (
  SELECT {columns}, ({key})::text AS page_key FROM {table} c
  WHERE {where} {after} ORDER BY {by} LIMIT {limit}
) AS page ORDER BY parent.n
"""


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


class Query:
    """The values of a statement, numbered as they are added."""

    def __init__(self, *values: Any) -> None:
        self.values = list(values)
        self.planned_anew = False

    def add(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        ask = database.rows_custom_plan if self.planned_anew else database.rows
        return await ask(sql, *self.values)


def check_first(first: int) -> None:
    if not 1 <= first <= MOST:
        raise InvalidInput.at("first", Text("must be from {least} to {most}", least=1, most=MOST))


async def page_rows(
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
        limit=first + 1,
    )
    return await query.rows(sql)


def by_parent(rows: list[dict[str, Any]], count: int) -> list[list[dict[str, Any]]]:
    grouped: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    for row in rows:
        grouped[row["n"] - 1].append(row)
    return grouped


def page_of(rows: list[dict[str, Any]], model: Any, name: str, first: int) -> Page[Any]:
    shown = rows[:first]
    end = _encode(name, shown[-1]) if shown else None
    return Page([as_model(model, row) for row in shown], len(rows) > first, end)


def _encode(name: str, row: dict[str, Any]) -> str:
    plain = json.dumps([name, row["page_key"], str(row["id"])], ensure_ascii=False)
    return base64.urlsafe_b64encode(plain.encode()).decode()


def _decode(after: str, name: str, order: Order) -> tuple[Any, UUID]:
    try:
        made_for, key, id = json.loads(base64.urlsafe_b64decode(after.encode()))
        if made_for == name:
            return _typed(key, order), UUID(id)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        pass
    message = "must be the endCursor of this list in the same order, unchanged"
    raise InvalidInput.at("after", message)


def _typed(key: str, order: Order) -> Any:
    """Raises where the database would not take it."""
    if order.type == "bigint":
        int(key).to_bytes(8, signed=True)
        return int(key)
    if order.type == "timestamptz":
        return INFINITY if key == "infinity" else datetime.fromisoformat(key).astimezone(UTC)
    if "\0" in key:
        raise ValueError("PostgreSQL has no text with NUL")
    key.encode()
    return key
