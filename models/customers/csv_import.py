"""Importing customers from a CSV text into a pool: all of them or none."""

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.csv_hidden import refuse_hidden
from models.customers.csv_known import Known, known_keys, refuse_known
from models.customers.csv_parsing import Row, parse
from models.duplicates.exact import stored_keys
from models.duplicates.keys import former_columns
from models.holding import alarms
from models.lists.name_order import name_columns
from models.tables import Pool
from models.viewers import Viewer, administered_pool

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
JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """As MAKE and LOG read them: the customers, and the keys by their customer's number."""

    customers: str
    keys: str


async def import_customers(viewer: Viewer, pool_id: UUID | None, csv: str) -> int:
    """Return how many were imported; raises InvalidInput with the line and column of bad rows."""
    pool = await administered_pool(viewer, pool_id)
    blocking = viewer.organization.duplicate_keys
    rows = await asyncio.to_thread(parse, csv, blocking)
    for _ in range(2):
        known = await known_keys(viewer, rows)
        await refuse_hidden(viewer, rows, known, partial(_refuse, rows, blocking))
        wanted = await asyncio.to_thread(_wanted, viewer, rows, known)
        insert = partial(_insert, viewer, pool, wanted, len(rows))
        try:
            return await database.with_retries(insert)
        except IntegrityError as fault:
            clash = fault
    raise clash


async def _refuse(rows: list[Row], blocking: Collection[str], known: Known) -> None:
    await asyncio.to_thread(refuse_known, rows, known, blocking)


def _wanted(viewer: Viewer, rows: list[Row], known: Known) -> Wanted:
    """Of several rows that may share a key, the first one's blocks.

    They are encoded one by one: no other thread runs while a long list is.
    """
    taken = set(known)
    customers, keys = [], []
    for n, row in enumerate(rows, 1):
        stored = stored_keys(viewer, row.keys, taken)
        taken.update(row.keys)
        customers.append(JSON.encode(_customer(row) | former_columns(row.keys)))
        keys += [JSON.encode(each | {"n": n}) for each in stored]
    return Wanted(f"[{','.join(customers)}]", f"[{','.join(keys)}]")


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
    }


async def _insert(viewer: Viewer, pool: Pool, wanted: Wanted, count: int) -> int:
    async with database.transaction():
        # One import per organization at a time: two could deadlock on unique keys.
        await database.take_turn(f"imports of {viewer.organization.id}")
        own = viewer.organization.id, pool.id
        made = await database.rows_however_long(MAKE, *own, wanted.customers)
        # LOG looks up each customer by its foreign keys.
        await database.tell_planner("customer", count)
        await database.rows_however_long(LOG, *own, viewer.id, made[0]["ids"], wanted.keys)
        await database.tell_planner("customer_key", count)
        await database.tell_planner("event", count)
        await alarms.ring()
    return count
