"""Importing customers from a CSV text into a pool: all of them or none."""

import asyncio
import json
from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.csv_hidden import refuse_hidden
from models.customers.csv_known import Known, Record, known_keys, refuse_known
from models.customers.csv_parsing import Row, parse
from models.duplicates.exact import stored_keys
from models.duplicates.keys import duplicate_keys, former_columns
from models.holding import alarms
from models.lists.name_order import name_columns
from models.tables import Pool
from models.viewers import Viewer, administered_pool

INSERT = """
WITH wanted AS MATERIALIZED (
  -- 1. wanted: the customers with their ids, in the order of the file
  SELECT uuidv7() AS id, r.* FROM jsonb_to_recordset($4::jsonb) AS r(line integer, name text,
    level text, person text, phone text, email text, registration_number text, name_key text,
    phone_key text, email_key text, registration_key text, sort_name text, masked_name text,
    keys jsonb) ORDER BY line
), made AS (
  -- 2. made: the customers
  INSERT INTO customer (id, organization_id, pool_id, name, level, person, phone, email,
    registration_number, name_key, phone_key, email_key, registration_key, sort_name,
    masked_name, keyed_at)
  SELECT id, $1, $2, name, level, person, phone, email, registration_number, name_key, phone_key,
    email_key, registration_key, sort_name, masked_name, clock_timestamp()
  FROM wanted ORDER BY line RETURNING *
), keyed AS (
  -- 3. keyed: whoever has one of their keys is a duplicate from now on
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks)
  SELECT $1, w.id, k.kind, k.key, k.blocks
  FROM wanted w, jsonb_to_recordset(w.keys) AS k(kind text, key text, blocks boolean)
  ORDER BY k.kind, k.key
)
-- 4. One event for each.
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
SELECT organization_id, id, 0, 'CREATED', $3, pool_id FROM made ORDER BY id
"""


async def import_customers(viewer: Viewer, pool_id: UUID | None, csv: str) -> int:
    """Return how many were imported; raises InvalidInput with the line and column of bad rows."""
    pool = await administered_pool(viewer, pool_id)
    blocking = viewer.organization.duplicate_keys
    records = await asyncio.to_thread(_records, csv, blocking)
    for _ in range(2):
        known = await known_keys(viewer, records)
        asked = {key for record in records for key in record.keys if key.kind in blocking}
        refuse = partial(refuse_known, records, blocking=blocking)
        await refuse_hidden(viewer, known, asked, refuse)
        text = await asyncio.to_thread(_wanted, viewer, records, known)
        insert = partial(_insert, viewer, pool, text, len(records))
        try:
            return await database.with_retries(insert)
        except IntegrityError as fault:
            clash = fault
    raise clash


def _records(csv: str, blocking: Collection[str]) -> list[Record]:
    return [Record(row, duplicate_keys(_fields(row))) for row in parse(csv, blocking)]


def _fields(row: Row) -> dict[str, str | None]:
    return {
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "registrationNumber": row.registration_number,
    }


def _wanted(viewer: Viewer, records: list[Record], known: Known) -> str:
    """As INSERT reads them; of several rows that may share a key, the first one's blocks."""
    taken = set(known)
    rows = []
    for record in records:
        keys = stored_keys(viewer, record.keys, taken)
        taken.update(record.keys)
        rows.append(_row(record.row) | former_columns(record.keys) | {"keys": keys})
    return json.dumps(rows, ensure_ascii=False)


def _row(row: Row) -> dict[str, Any]:
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


async def _insert(viewer: Viewer, pool: Pool, wanted: str, count: int) -> int:
    async with database.transaction():
        # One import per organization at a time: two could deadlock on unique keys.
        await database.take_turn(f"imports of {viewer.organization.id}")
        await database.rows(INSERT, viewer.organization.id, pool.id, viewer.id, wanted)
        await alarms.ring()
    return count
