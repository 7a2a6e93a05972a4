"""Customers whose keys nobody has written yet: those of former releases, in slices.

The migration that made the keys does it for all of them. Afterwards the worker does it for those
that a process of the release before has made or changed.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from models import database
from models.duplicates.keys import Key, duplicate_keys, former_columns

SLICE = 1000
# What it is called now, and all that changes of it in the ledger ever gave.
READ = """
SELECT c.organization_id, c.id, c.name, c.phone, c.email,
  c.registration_number AS "registrationNumber",
  ARRAY(SELECT e.details -> 'changed' FROM event e WHERE e.organization_id = c.organization_id
    AND e.customer_id = c.id AND e.action = 'UPDATED')::text[] AS changes
FROM customer c WHERE c.keyed_at IS NULL
"""
UNKEYED = f"{READ} ORDER BY c.organization_id, c.id LIMIT $1"
UNKEYED_OF = f"{READ} AND c.organization_id = $1 AND c.id = ANY($2)"
# A customer that another writer has changed since is left to the next slice.
KEEP = """
WITH wanted AS MATERIALIZED (
  -- 1. wanted: the customers as they were read, with their keys
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(organization_id uuid, id uuid, name text,
    phone text, email text, "registrationNumber" text, name_key text, phone_key text,
    email_key text, registration_key text, keys jsonb)
), locked AS MATERIALIZED (
  -- 2. locked: those that nobody has changed
  SELECT w.*, c.created_at FROM customer c JOIN wanted w USING (organization_id, id)
  WHERE c.keyed_at IS NULL AND (c.name, c.phone, c.email, c.registration_number)
    IS NOT DISTINCT FROM (w.name, w.phone, w.email, w."registrationNumber")
  ORDER BY c.id FOR UPDATE OF c
), marked AS (
  -- 3. marked: they have their keys
  UPDATE customer c SET keyed_at = clock_timestamp(), name_key = l.name_key,
    phone_key = l.phone_key, email_key = l.email_key, registration_key = l.registration_key
  FROM locked l WHERE c.organization_id = l.organization_id AND c.id = l.id
), kept AS (
  -- 4. kept: the keys; since when, only the ledger knows
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks, since)
  SELECT l.organization_id, l.id, k.kind, k.key, false, l.created_at
  FROM locked l, jsonb_to_recordset(l.keys) AS k(kind text, key text)
  ON CONFLICT ON CONSTRAINT customer_key_once DO NOTHING
)
SELECT id FROM locked
"""
Fetch = Callable[..., Awaitable[list[Any]]]


async def keep_all() -> int:
    """Write the keys of every customer that has none yet; return how many customers."""
    count = 0
    while kept := await keep_slice(database.rows):
        count += kept
    return count


async def keep_slice(fetch: Fetch) -> int:
    """Write the keys of up to SLICE customers through `fetch`; return how many had none."""
    return await _keep(fetch, await fetch(UNKEYED, SLICE))


async def keep_of(organization_id: UUID, ids: list[UUID]) -> None:
    """Write the keys of those of the customers, locked by the caller, that have none yet."""
    await _keep(database.rows, await database.rows(UNKEYED_OF, organization_id, ids))


async def _keep(fetch: Fetch, rows: list[Any]) -> int:
    if rows:
        wanted = json.dumps([_wanted(dict(row)) for row in rows], ensure_ascii=False)
        await fetch(KEEP, wanted)
    return len(rows)


def _wanted(row: dict[str, Any]) -> dict[str, Any]:
    changes = [json.loads(change) for change in row.pop("changes") if change]
    keys = list(_ever(row, changes))
    ids = {name: str(row[name]) for name in ("organization_id", "id")}
    kept = [{"kind": key.kind, "key": key.value} for key in keys]
    return row | ids | former_columns(duplicate_keys(row)) | {"keys": kept}


def _ever(row: Mapping[str, Any], changes: list[Mapping[str, str | None]]) -> dict[Key, None]:
    """The keys of what it is and of what each change gave, without repeats."""
    return dict.fromkeys(key for each in (row, *changes) for key in duplicate_keys(each))
