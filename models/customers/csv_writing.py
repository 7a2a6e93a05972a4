"""Write customers of a file, by COPY, some thousands of rows of a table at a time.

PostgreSQL takes less time for COPY than for INSERT, and for rows in the order of its indexes: it
changes each page once. So the customers come by name, then the keys by kind and value. Ids and
events have the order of the file; PostgreSQL makes the ids before.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter, itemgetter
from uuid import UUID

from models import database
from models.customers.csv_parsing import Row
from models.duplicates.keys import FORMER_COLUMNS, Key, former_columns
from models.lists.name_order import name_columns
from models.viewers import Viewer

# In one text: 150,000 values would stop the event loop.
NEW_IDS = """
SELECT string_agg(uuidv7()::text, ',') AS ids, clock_timestamp() AS at
FROM generate_series(1, $1::integer)
"""
ID_LENGTH = 36
QUOTE = '"'
OWN = ("organization_id", "id")
NAMED = ("name", "level", "person", "phone", "email", "registration_number")
ORDERED = ("sort_name", "masked_name")
COLUMNS = {
    "customer": (*OWN, "pool_id", "keyed_at", *NAMED, *FORMER_COLUMNS.values(), *ORDERED),
    "customer_key": (*OWN, "customer_id", "kind", "key", "blocks"),
    "event": (*OWN, "pool_id", "customer_id", "actor_id", "epoch", "action"),
}
_named = attrgetter(*NAMED)
# Rows written at once.
SLICE = 5_000


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table, as CSV."""

    table: str
    rows: bytes
    count: int


def parts_of(
    viewer: Viewer, pool_id: UUID, rows: list[Row], known: Collection[Key], ids: str, at: object
) -> Iterator[Part]:
    """Yield them by SLICE: customers, keys, events. `ids` are as NEW_IDS makes them."""
    own, by, pool = map(str, (viewer.organization.id, viewer.id, pool_id))
    new = (ids[start : start + ID_LENGTH] for start in range(0, len(ids), ID_LENGTH + 1))
    customers = list(zip(islice(new, len(rows)), rows, strict=True))
    by_name = sorted(customers, key=lambda each: each[1].name)
    named = (f"{own},{id},{pool},{at},{_customer(row)}\n" for id, row in by_name)
    yield from _parts("customer", named)
    kept = (
        f"{own},{next(new)},{id},{kind},{_cell(key)},{blocks}\n"
        for kind, keys in sorted(_keys(viewer, customers, set(known)).items())
        for key, blocks, id in sorted(keys, key=itemgetter(0))
    )
    yield from _parts("customer_key", kept)
    created = (f"{own},{next(new)},{pool},{id},{by},0,CREATED\n" for id, _ in customers)
    yield from _parts("event", created)


def _parts(table: str, lines: Iterator[str]) -> Iterator[Part]:
    while part := list(islice(lines, SLICE)):
        yield Part(table, "".join(part).encode(), len(part))


def _customer(row: Row) -> str:
    ordered = name_columns(row.name)
    values = (
        *_named(row),
        *former_columns(row.keys).values(),
        *[ordered[each] for each in ORDERED],
    )
    return ",".join([_cell(each) if each is not None else "" for each in values])


def _cell(text: str) -> str:
    """Between quotes every other sign means itself, and an empty text is no null."""
    return f'"{text.replace(QUOTE, QUOTE * 2)}"'


def _keys(
    viewer: Viewer, customers: Iterable[tuple[str, Row]], taken: set[Key]
) -> dict[str, list[tuple[str, bool, str]]]:
    """Return them by kind. Of several rows that may share a key, the first one's blocks."""
    blocking, found = viewer.organization.duplicate_keys, defaultdict(list)
    for id, row in customers:
        for key in row.keys:
            found[key.kind].append((key.value, key.kind in blocking and key not in taken, id))
        taken.update(row.keys)
    return found


def no_matter(_: int) -> None:
    """Nobody is told how many are written."""


async def insert(
    viewer: Viewer,
    pool_id: UUID,
    rows: list[Row],
    known: Collection[Key],
    written: Callable[[int], None] = no_matter,
) -> None:
    """Write them in the open transaction; `written` is called with how many customers are."""
    # One import per organization at a time: two could deadlock on unique keys.
    await database.take_turn(f"imports of {viewer.organization.id}")
    needed = 2 * len(rows) + sum(len(row.keys) for row in rows)
    (made,) = await database.rows_however_long(NEW_IDS, needed)
    parts = parts_of(viewer, pool_id, rows, known, made["ids"] or "", made["at"])
    part = await asyncio.to_thread(next, parts, None)
    while part:
        # While the database writes one part, a thread makes the next.
        coming = asyncio.create_task(asyncio.to_thread(next, parts, None))
        try:
            await database.copy(part.table, COLUMNS[part.table], part.rows)
            # Foreign keys of the next tables look up each customer.
            await database.tell_planner(part.table, part.count)
            written(part.count if part.table == "customer" else 0)
        finally:
            part = await coming
