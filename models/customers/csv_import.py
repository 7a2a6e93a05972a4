"""Importing customers from a CSV text into a pool: all of them or none."""

import asyncio
import json
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.csv_parsing import Row, parse
from models.customers.name_order import name_columns
from models.duplicates.keys import keys_of
from models.holding import alarms
from models.refusals import InvalidInput, Problem
from models.tables import Pool
from models.viewers import Viewer, administered_pool

MOST_PROBLEMS = 1000
Record = dict[str, Any]
COLUMN_OF = {
    "name_key": "name",
    "phone_key": "phone",
    "email_key": "email",
    "registration_key": "registrationNumber",
}

INSERT = """
WITH made AS (
  -- 1. made: the customers, in the order of the file
  INSERT INTO customer (organization_id, pool_id, name, level, person, phone, email,
    registration_number, name_key, phone_key, email_key, registration_key, sort_name, masked_name)
  SELECT $1, $2, name, level, person, phone, email,
    registration_number, name_key, phone_key, email_key, registration_key, sort_name, masked_name
  FROM jsonb_to_recordset($4::jsonb) AS r(line integer, name text, level text, person text,
    phone text, email text, registration_number text, name_key text, phone_key text,
    email_key text, registration_key text, sort_name text, masked_name text) ORDER BY line
  RETURNING *
)
-- 2. One event for each.
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
SELECT organization_id, id, 0, 'CREATED', $3, pool_id FROM made ORDER BY id
"""
# Each branch is one pass at most, whichever index a planner without statistics takes.
KNOWN = """
SELECT 'name_key' AS column, name_key AS key FROM customer
WHERE organization_id = $1 AND name_key = ANY($2)
UNION ALL
SELECT 'phone_key', phone_key FROM customer
WHERE organization_id = $1 AND phone_key = ANY($3)
UNION ALL
SELECT 'email_key', email_key FROM customer
WHERE organization_id = $1 AND email_key = ANY($4)
UNION ALL
SELECT 'registration_key', registration_key FROM customer
WHERE organization_id = $1 AND registration_key = ANY($5)
"""


async def import_customers(viewer: Viewer, pool_id: UUID | None, csv: str) -> int:
    """Return how many were imported; raises InvalidInput with the line and column of bad rows."""
    pool = await administered_pool(viewer, pool_id)
    records = await asyncio.to_thread(_records, csv)
    for _ in range(2):
        await _refuse_known(viewer, records)
        try:
            return await database.with_retries(lambda: _insert(viewer, pool, records))
        except IntegrityError as fault:
            clash = fault
    raise clash


def _records(csv: str) -> list[Record]:
    return [_record(row) for row in parse(csv)]


def _record(row: Row) -> Record:
    known: dict[str, str | None] = {
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "registrationNumber": row.registration_number,
    }
    return {
        "line": row.line,
        "name": row.name,
        "level": row.level,
        "person": row.person,
        "phone": row.phone,
        "email": row.email,
        "registration_number": row.registration_number,
        **name_columns(row.name),
    } | keys_of(known)


async def _insert(viewer: Viewer, pool: Pool, records: list[Record]) -> int:
    text = await asyncio.to_thread(json.dumps, records, ensure_ascii=False)
    async with database.transaction():
        # One import per organization at a time: two could deadlock on unique keys.
        await database.take_turn(f"imports of {viewer.organization.id}")
        await database.rows(INSERT, viewer.organization.id, pool.id, viewer.id, text)
        await alarms.ring()
    return len(records)


async def _refuse_known(viewer: Viewer, records: list[Record]) -> None:
    """Raises InvalidInput that names each value another customer has, in the file's order."""
    keys = [[each[key] for each in records if each[key]] for key in COLUMN_OF]
    rows = await database.rows(KNOWN, viewer.organization.id, *keys)
    known = {(row["column"], row["key"]) for row in rows}
    problems = [
        Problem(f"csv.{record['line']}.{column}", "another customer has this value")
        for record in (records if known else ())
        for key, column in COLUMN_OF.items()
        if (key, record[key]) in known
    ]
    if problems:
        raise InvalidInput(tuple(problems[:MOST_PROBLEMS]))
