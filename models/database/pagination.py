"""Pages by keyset: a page starts after a row's key, so it stays put while rows come and go.

One statement with a lateral join answers for many parents of one organization at once.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from models import database
from models.database.door import Row, as_models
from models.database.seal import Seal
from models.refusals import InvalidInput
from models.texts.text import Text

MOST = 100
# How asyncpg writes infinity.
INFINITY = datetime.max  # noqa: DTZ901
Node = TypeVar("Node")


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


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of list: which rows it has, in which order; its cursors carry its name.

    `joined` is what is read beside its rows `c`.
    """

    name: str
    table: str
    columns: str
    order: Order
    joined: str = ""

    def sql(self, parents: str, where: str, limit: int) -> str:
        return f"""
SELECT parent.n, page.* FROM {parents},
LATERAL (
  SELECT {self.columns}, ({self.order.key})::text AS page_key FROM {self.table} c {self.joined}
  WHERE c.organization_id = $1 AND {where} ORDER BY {self.order.by()} LIMIT {limit}
) AS page ORDER BY parent.n
"""


class Query:
    """The values of a statement, numbered as they are added; $1 is the organization."""

    def __init__(self, organization_id: UUID, *values: Any) -> None:
        self.values: list[Any] = [organization_id, *values]
        self.needs_custom_plan = False

    def add(self, value: Any) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    async def rows(self, sql: str) -> Sequence[Mapping[str, Any]]:
        ask = database.rows_custom_plan if self.needs_custom_plan else database.records
        return await ask(sql, *self.values)


def check_first(first: int) -> None:
    if not 1 <= first <= MOST:
        raise InvalidInput.at("first", Text("must be from {least} to {most}", least=1, most=MOST))


async def page_rows(
    query: Query,
    listing: Listing,
    parents: str,
    where: str,
    first: int,
    after: str | None,
    seal: Seal,
) -> Sequence[Mapping[str, Any]]:
    """Return `first` rows of each parent and one more, each with its parent's number `n`.

    `parents` is a relation named parent; its n counts from 1. Raises InvalidInput.
    """
    check_first(first)
    if after is not None:
        key, id = _decode(after, listing, seal)
        where += f" AND {listing.order.after(query.add(key), query.add(id))}"
    return await query.rows(listing.sql(parents, where, first + 1))


def by_parent(rows: Sequence[Mapping[str, Any]], count: int) -> list[list[Mapping[str, Any]]]:
    """Group the rows of `page_rows` by their parent, in the order of the parents."""
    grouped: list[list[Mapping[str, Any]]] = [[] for _ in range(count)]
    for row in rows:
        grouped[row["n"] - 1].append(row)
    return grouped


def page_of(
    rows: Sequence[Mapping[str, Any]], model: type[Row], listing: Listing, first: int, seal: Seal
) -> Page[Row]:
    shown = rows[:first]
    end = _encode(listing.name, shown[-1], seal) if shown else None
    return Page(as_models(model, shown), len(rows) > first, end)


def _encode(name: str, row: Mapping[str, Any], seal: Seal) -> str:
    plain = json.dumps([name, row["page_key"], str(row["id"])], ensure_ascii=False)
    return seal.close(plain)


def _decode(after: str, listing: Listing, seal: Seal) -> tuple[Any, UUID]:
    try:
        made_for, key, id = json.loads(seal.open(after))
        if made_for == listing.name:
            return typed_key(key, listing.order), UUID(id)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        pass
    message = "must be the endCursor of this list in the same order, unchanged"
    raise InvalidInput.at("after", message)


def typed_key(key: str, order: Order) -> Any:
    """Return the key as the database takes it; raises ValueError or OverflowError."""
    if order.type == "bigint":
        int(key).to_bytes(8, signed=True)
        return int(key)
    if order.type == "timestamptz":
        return INFINITY if key == "infinity" else datetime.fromisoformat(key).astimezone(UTC)
    if "\0" in key:
        raise ValueError("PostgreSQL has no text with NUL")
    key.encode()
    return key
