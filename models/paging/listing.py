"""Kinds of lists: which rows they have, and how these follow one another."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

# How asyncpg writes infinity.
INFINITY = datetime.max  # noqa: DTZ901


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

    def upto(self, key: str, id: str) -> str:
        """All that is not `after`."""
        sign = ">=" if self.descending else "<="
        return f"({self.key}, c.id) {sign} ({key}::{self.type}, {id}::uuid)"

    def by(self) -> str:
        return f"{self.key} {self.direction}, c.id {self.direction}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of list: which rows it has, in which order; its cursors carry its name.

    `joined` is what is read beside its rows `c`. `beside` is read beside those of a page alone, by
    lateral joins that keep their order. `given` is true, and names the values of `beside`: without
    it a statement would have values that it does not use, which PostgreSQL refuses. `shown` are the
    columns of a page.
    """

    name: str
    table: str
    columns: str
    order: Order
    joined: str = ""
    beside: str = ""
    given: str = "true"
    shown: str = "c.*"

    def reversed(self) -> "Listing":
        """The same list, read from its end."""
        return replace(self, order=replace(self.order, descending=not self.order.descending))

    def sql(self, parents: str, where: str, limit: int) -> str:
        return f"""
SELECT {self.shown}, parent.n FROM {parents},
LATERAL (
  SELECT {self.columns}, ({self.order.key})::text AS page_key FROM {self.table} c {self.joined}
  WHERE c.organization_id = $1 AND {where} ORDER BY {self.order.by()} LIMIT {limit}
) AS c {self.beside} ORDER BY parent.n
"""

    def some_sql(self, parents: str, where: str) -> str:
        """The numbers of the parents that have such a row at all."""
        return f"""
SELECT parent.n FROM {parents}
WHERE {self.given}
  AND EXISTS (SELECT FROM {self.table} c {self.joined} WHERE c.organization_id = $1 AND {where})
"""


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
