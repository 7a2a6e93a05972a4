"""Reads a page of each of many lists by one statement."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from models.database.door import NOTHING, Row, as_models
from models.database.seal import Seal
from models.paging.listing import Listing, typed_key
from models.paging.page import Page
from models.paging.query import Query
from models.paging.window import Window
from models.refusals import InvalidInput

Rows: TypeAlias = Sequence[Mapping[str, Any]]


class Beyond:
    """Which parents have rows at the cursor or on its other side; read when somebody asks."""

    def __init__(self, query: Query, listing: Listing, parents: str, where: str) -> None:
        self._query = query
        self._of = (listing, parents, where)
        self._reading = asyncio.Lock()
        self._found: set[int] | None = None

    async def has(self, n: int) -> bool:
        async with self._reading:
            if self._found is None:
                listing, parents, where = self._of
                rows = await self._query.rows(listing.some_sql(parents, where))
                self._found = {row["n"] for row in rows}
        return n in self._found


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page of each parent, in the order of the parents, and one more of each."""

    listing: Listing
    window: Window
    seal: Seal
    rows: list[list[Mapping[str, Any]]]
    beyond: Beyond | None

    def shown(self, n: int) -> Rows:
        """The rows of the n-th parent's page, in the list's order."""
        return self.window.shown(self.rows[n])

    def page(self, n: int, model: type[Row], known: Mapping[str, Any] = NOTHING) -> Page[Row]:
        """The n-th parent's page; `known` are the columns that are the same in all its rows."""
        rows = self.shown(n)
        return Page(
            as_models(model, rows, known),
            len(self.rows[n]) > self.window.count,
            self.window.backward,
            partial(_cursor, self.listing.name, rows, self.seal),
            partial(self.beyond.has, n + 1) if self.beyond else None,
        )


async def read_pages(
    query: Query,
    listing: Listing,
    parents: str,
    where: str,
    window: Window,
    seal: Seal,
    count: int = 1,
) -> Found:
    """Return the page of each of `count` parents. Raises InvalidInput.

    `parents` is a relation named parent; its n counts from 1.
    """
    window.check()
    read, beyond, asked = (listing.reversed() if window.backward else listing), None, where
    if window.cursor is not None:
        place = tuple(map(query.add, _position(window, listing, seal)))
        asked += f" AND {read.order.after(*place)}"
        beyond = Beyond(query, listing, parents, f"{where} AND {read.order.upto(*place)}")
    rows: list[list[Mapping[str, Any]]] = [[] for _ in range(count)]
    for row in await query.rows(read.sql(parents, asked, window.count + 1)):
        rows[row["n"] - 1].append(row)
    return Found(listing, window, seal, rows, beyond)


def _cursor(name: str, rows: Rows, seal: Seal, n: int) -> str:
    row = rows[n]
    return seal.close(orjson.dumps([name, row["page_key"], str(row["id"])]).decode())


def _position(window: Window, listing: Listing, seal: Seal) -> tuple[Any, UUID]:
    try:
        made_for, key, id = json.loads(seal.open(window.cursor or ""))
        if made_for == listing.name:
            return typed_key(key, listing.order), UUID(id)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        pass
    raise InvalidInput.at(
        window.cursor_name, "must be a cursor of this list in the same order, unchanged"
    )
