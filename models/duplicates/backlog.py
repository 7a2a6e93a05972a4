"""Customers whose keys and sort names nobody has written yet: those of former releases, in slices.

The migration that made the keys does it for all of them. Afterwards the worker does it for those
that a process of the release before has made or changed. Until then lists have such a customer
first, and members who may not see its contact do not find it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from models import database
from models.duplicates.keys import Key, duplicate_keys, former_columns
from models.lists.name_order import name_columns
from models.sharding.share import ALL, Share

SLICE = 1000
# What it is called now, and all that changes of it in the ledger ever gave.
READ = """
SELECT c.id, c.name, c.phone, c.email,
  c.registration_number AS "registrationNumber",
  ARRAY(SELECT e.details -> 'changed' FROM event e WHERE e.organization_id = c.organization_id
    AND e.customer_id = c.id AND e.action = 'UPDATED')::text[] AS changes
FROM customer c WHERE c.organization_id = $1 AND c.keyed_at IS NULL
"""
WITHOUT_KEYS = "SELECT DISTINCT organization_id FROM customer WHERE keyed_at IS NULL"
UNKEYED = f"{READ} ORDER BY c.id LIMIT $2"
UNKEYED_OF = f"{READ} AND c.id = ANY($2)"
# A customer in use, or changed since it was read, is left to a later slice.
KEEP = """
WITH wanted AS MATERIALIZED (
  -- 1. wanted: the customers as they were read, with what is to be written
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS w(id uuid, name text, phone text,
    email text, "registrationNumber" text, name_key text, phone_key text,
    email_key text, registration_key text, sort_name text, masked_name text, keys jsonb)
), locked AS MATERIALIZED (
  -- 2. locked: those that nobody has changed
  SELECT w.*, c.created_at FROM customer c JOIN wanted w ON w.id = c.id
  WHERE c.organization_id = $1 AND c.id = ANY(ARRAY(SELECT id FROM wanted))
    AND c.keyed_at IS NULL AND (c.name, c.phone, c.email, c.registration_number)
    IS NOT DISTINCT FROM (w.name, w.phone, w.email, w."registrationNumber")
  ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
), marked AS (
  -- 3. marked: they have their columns
  UPDATE customer c SET keyed_at = statement_timestamp(), name_key = l.name_key,
    phone_key = l.phone_key, email_key = l.email_key, registration_key = l.registration_key,
    sort_name = l.sort_name, masked_name = l.masked_name
  FROM locked l WHERE c.organization_id = $1 AND c.id = l.id
    AND c.id = ANY(ARRAY(SELECT id FROM locked))
), kept AS (
  -- 4. kept: the keys; since when, only the ledger knows
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks, since)
  SELECT $1, l.id, k.kind, k.key, false, l.created_at
  FROM locked l, jsonb_to_recordset(l.keys) AS k(kind text, key text)
  ON CONFLICT ON CONSTRAINT customer_key_once DO NOTHING
)
SELECT id FROM locked
"""
Fetch = Callable[..., Awaitable[list[Any]]]


async def keep_all(share: Share = ALL, fetch: Fetch = database.rows) -> int:
    """Write through `fetch` what customers miss, but not those in use; return of how many."""
    count = 0
    for row in share.of(await fetch(WITHOUT_KEYS)):
        while kept := await keep_slice(row["organization_id"], fetch):
            count += kept
    return count


async def keep_slice(organization_id: UUID, fetch: Fetch = database.rows) -> int:
    """Write what is missing of up to SLICE customers through `fetch`; return of how many."""
    return await _keep(fetch, organization_id, await fetch(UNKEYED, organization_id, SLICE))


async def keep_of(organization_id: UUID, ids: list[UUID]) -> None:
    """Write what is missing of those of the customers, which the caller has locked."""
    rows = await database.rows(UNKEYED_OF, organization_id, ids)
    await _keep(database.rows, organization_id, rows)


async def _keep(fetch: Fetch, organization_id: UUID, rows: list[Any]) -> int:
    if not rows:
        return 0
    return len(await fetch(KEEP, organization_id, await asyncio.to_thread(_wanted, rows)))


def _wanted(rows: list[Any]) -> str:
    return json.dumps([_completed(dict(row)) for row in rows], ensure_ascii=False)


def _completed(row: dict[str, Any]) -> dict[str, Any]:
    changes = [json.loads(change) for change in row.pop("changes") if change]
    keys = list(_ever(row, changes))
    kept = [{"kind": key.kind, "key": key.value} for key in keys]
    columns = former_columns(duplicate_keys(row)) | name_columns(row["name"])
    return row | {"id": str(row["id"])} | columns | {"keys": kept}


def _ever(row: Mapping[str, Any], changes: list[Mapping[str, str | None]]) -> dict[Key, None]:
    """The keys of what it is and of what each change gave, without repeats."""
    return dict.fromkeys(key for each in (row, *changes) for key in duplicate_keys(each))
