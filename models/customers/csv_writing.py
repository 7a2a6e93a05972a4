"""The statements that write customers of a file, some thousands at a time."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from models import database
from models.customers.csv_parsing import Row
from models.duplicates.exact import stored_keys
from models.duplicates.keys import Key, former_columns
from models.lists.name_order import name_columns
from models.viewers import Viewer

# Their ids are in the order of the file.
MAKE = """
WITH made AS (
  INSERT INTO customer (organization_id, pool_id, name, level, person, phone, email,
    registration_number, name_key, phone_key, email_key, registration_key, sort_name,
    masked_name, keyed_at)
  SELECT $1, $2, name, level, person, phone, email, registration_number, name_key, phone_key,
    email_key, registration_key, sort_name, masked_name, clock_timestamp()
  FROM jsonb_to_recordset($3::jsonb) AS r(line integer, name text, level text, person text,
    phone text, email text, registration_number text, name_key text, phone_key text,
    email_key text, registration_key text, sort_name text, masked_name text)
  ORDER BY line RETURNING id
)
SELECT array_agg(id ORDER BY id) AS ids FROM made
"""
LOG = """
WITH keyed AS (
  -- 1. keyed: whoever has one of their keys is a duplicate from now on
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks)
  SELECT $1, ($4::uuid[])[k.n], k.kind, k.key, k.blocks
  FROM jsonb_to_recordset($5::jsonb) AS k(n integer, kind text, key text, blocks boolean)
  ORDER BY k.kind, k.key
)
-- 2. One event for each.
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
SELECT $1, id, 0, 'CREATED', $3, $2 FROM unnest($4::uuid[]) WITH ORDINALITY AS made(id, n)
ORDER BY n
"""
# Written at once.
SLICE = 5_000
ENCODED = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """As MAKE and LOG read them: the customers, and the keys by their customer's number."""

    customers: str
    keys: str
    count: int


def wanted_of(viewer: Viewer, rows: list[Row], known: Collection[Key]) -> Iterator[Wanted]:
    """Yield them by SLICE. Of several rows that may share a key, the first one's blocks."""
    taken = set(known)
    for start in range(0, len(rows), SLICE):
        yield _wanted(viewer, rows[start : start + SLICE], taken)


def _wanted(viewer: Viewer, rows: list[Row], taken: set[Key]) -> Wanted:
    customers, keys = [], []
    for n, row in enumerate(rows, 1):
        keys += [each | {"n": n} for each in stored_keys(viewer, row.keys, taken)]
        taken.update(row.keys)
        customers.append(_customer(row))
    return Wanted(_json(customers), _json(keys), len(rows))


def _json(rows: list[dict[str, Any]]) -> str:
    """They are encoded some at a time: no other thread runs while a list is."""
    starts = range(0, len(rows), ENCODED)
    return f"[{b','.join([orjson.dumps(rows[n : n + ENCODED])[1:-1] for n in starts]).decode()}]"


def _customer(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "name": row.name,
        "level": row.level,
        "person": row.person,
        "phone": row.phone,
        "email": row.email,
        "registration_number": row.registration_number,
        **name_columns(row.name),
        **former_columns(row.keys),
    }


def no_matter(_: int) -> None:
    """Nobody is told how many are written."""


async def insert(
    viewer: Viewer,
    pool_id: UUID,
    rows: list[Row],
    known: Collection[Key],
    written: Callable[[int], None] = no_matter,
) -> None:
    """Write them in the open transaction; `written` is called with how many are."""
    parts = wanted_of(viewer, rows, known)
    part = await asyncio.to_thread(next, parts, None)
    # One import per organization at a time: two could deadlock on unique keys.
    await database.take_turn(f"imports of {viewer.organization.id}")
    while part:
        # While the database writes one part, a thread makes the next.
        coming = asyncio.create_task(asyncio.to_thread(next, parts, None))
        try:
            await _write(viewer, pool_id, part)
            written(part.count)
        finally:
            part = await coming


async def _write(viewer: Viewer, pool_id: UUID, part: Wanted) -> None:
    own = viewer.organization.id, pool_id
    made = await database.rows_however_long(MAKE, *own, part.customers)
    # LOG looks up each customer by its foreign keys.
    await database.tell_planner("customer", part.count)
    await database.rows_however_long(LOG, *own, viewer.id, made[0]["ids"], part.keys)
    await database.tell_planner("customer_key", part.count)
    await database.tell_planner("event", part.count)
