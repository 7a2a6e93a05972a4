"""Importing customers from a CSV text into a pool: all of them or none."""

import asyncio
import json
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.csv_parsing import Row, parse
from models.duplicates.keys import keys_of
from models.holding import alarms
from models.refusals import InvalidInput, Problem
from models.tables import Pool
from models.viewers import Viewer, administered_pool

MOST_PROBLEMS = 1000
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
    registration_number, name_key, phone_key, email_key, registration_key)
  SELECT $1, $2, name, level, person, phone, email,
    registration_number, name_key, phone_key, email_key, registration_key
  FROM jsonb_to_recordset($4::jsonb) AS r(line integer, name text, level text, person text,
    phone text, email text, registration_number text, name_key text, phone_key text,
    email_key text, registration_key text) ORDER BY line
  RETURNING *
)
-- 2. One event for each.
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
SELECT organization_id, id, 0, 'CREATED', $3, pool_id FROM made ORDER BY id
"""
KNOWN = """
SELECT r.line, c.name_key = r.name_key AS name_key, c.phone_key = r.phone_key AS phone_key,
  c.email_key = r.email_key AS email_key,
  c.registration_key = r.registration_key AS registration_key
FROM jsonb_to_recordset($2::jsonb) AS r(line integer, name_key text, phone_key text,
  email_key text, registration_key text)
JOIN LATERAL (
  SELECT * FROM customer WHERE organization_id = $1 AND name_key = r.name_key UNION
  SELECT * FROM customer WHERE organization_id = $1 AND phone_key = r.phone_key UNION
  SELECT * FROM customer WHERE organization_id = $1 AND email_key = r.email_key UNION
  SELECT * FROM customer WHERE organization_id = $1 AND registration_key = r.registration_key
) AS c ON true ORDER BY r.line LIMIT 1001
"""


async def import_customers(viewer: Viewer, pool_id: UUID | None, csv: str) -> int:
    """Return how many were imported; raises InvalidInput with the line and column of bad rows."""
    pool = await administered_pool(viewer, pool_id)
    text = await asyncio.to_thread(_records, csv)
    for _ in range(2):
        await _refuse_known(viewer, text)
        try:
            return await database.with_retries(lambda: _insert(viewer, pool, text))
        except IntegrityError as fault:
            clash = fault
    raise clash


def _records(csv: str) -> str:
    return json.dumps([_record(row) for row in parse(csv)], ensure_ascii=False)


def _record(row: Row) -> dict[str, object]:
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
    } | keys_of(known)


async def _insert(viewer: Viewer, pool: Pool, text: str) -> int:
    async with database.transaction():
        # One import per organization at a time: two could deadlock on unique keys.
        await database.take_turn(f"imports of {viewer.organization.id}")
        await database.rows(INSERT, viewer.organization.id, pool.id, viewer.id, text)
        await alarms.ring()
    return len(json.loads(text))


async def _refuse_known(viewer: Viewer, text: str) -> None:
    problems = [
        Problem(f"csv.{row['line']}.{column}", "another customer has it already")
        for row in await database.rows_custom_plan(KNOWN, viewer.organization.id, text)
        for key, column in COLUMN_OF.items()
        if row[key]
    ]
    if problems:
        shown = tuple(dict.fromkeys(problems))[:MOST_PROBLEMS]
        raise InvalidInput(shown)
