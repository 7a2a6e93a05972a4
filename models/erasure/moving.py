"""Texts that a process of the release before wrote into events, moved into rows of their own.

The migration moves them all. Afterwards the worker moves what such a process still writes. Killed
between two statements, a text is in both places: whoever reads it reads the same.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.ledger.idempotency import digest

SLICE = 1000
# What a person wrote, unlike the name of a rule or of an erasure's ground.
WRITTEN = """(reason IS NOT NULL AND reason IS DISTINCT FROM release_reason
    AND action NOT IN ('ASSIGNED', 'ERASED'))"""
TEXTUAL = f"""(customer_id IS NOT NULL AND ({WRITTEN}
    OR details ?| '{{changed,value}}'::text[] OR details ->> 'note' <> ''))"""
# 0.2 stored whole requests with its answers.
REQUEST = "(action = 'ANSWERED' AND jsonb_typeof(details -> 'request') = 'array')"


def keep_sql(which: str) -> str:
    """Return the statement that writes the texts of the events `e` that `which` selects and locks.

    A text that is erased meanwhile does not come back: its event has it no more.
    """
    return f"""
WITH picked AS MATERIALIZED (
  -- 1. picked: the events, locked
  SELECT e.* FROM event e WHERE {TEXTUAL} AND {which}
), kept AS (
  -- 2. kept: their texts
  INSERT INTO event_text (organization_id, id, customer_id, reason, details)
  SELECT organization_id, id, customer_id, CASE WHEN {WRITTEN} THEN reason END, (
    SELECT coalesce(jsonb_object_agg(t.key, t.value), '{{}}') FROM jsonb_each(details) AS t
    WHERE t.key IN ('changed', 'value', 'note'))
  FROM picked ON CONFLICT DO NOTHING
)
SELECT organization_id, id FROM picked ORDER BY 1, 2
"""


# The changes of a customer without keys still tell its keys: see models.duplicates.backlog. Each
# slice goes on behind the one before it, by the index event_texts_left. A join with all customers
# began with the oldest event each time: 1,000 texts took 0.2 s at first, and 1.7 s after 340,000.
KEEP = keep_sql("""(e.organization_id, e.id) > ($2::uuid, $3::uuid)
    AND (SELECT c.keyed_at IS NOT NULL FROM customer c
      WHERE c.organization_id = e.organization_id AND c.id = e.customer_id)
  ORDER BY e.organization_id, e.id LIMIT $1 FOR NO KEY UPDATE OF e SKIP LOCKED""")
START = UUID(int=0)
KEEP_OF = keep_sql(
    "e.organization_id = $1 AND e.customer_id = ANY($2::uuid[]) FOR NO KEY UPDATE OF e"
)
# The note stays, empty: the release before reads it of every follow-up.
LEAVE = f"""
UPDATE event e SET reason = CASE WHEN {WRITTEN} THEN release_reason ELSE reason END,
  details = details - 'changed' - 'value'
    || CASE WHEN details ? 'note' THEN '{{"note": ""}}'::jsonb ELSE '{{}}' END
FROM unnest($1::uuid[], $2::uuid[]) AS w(organization_id, id)
WHERE e.organization_id = w.organization_id AND e.id = w.id AND {TEXTUAL}
"""
STORED = f"""
SELECT organization_id, id, details ->> 'request' AS request FROM event WHERE {REQUEST}
"""
# The release before takes a digest for another request: so its clients can repeat a key as long.
REPEATED_WITHIN = timedelta(hours=1)
REQUESTS = f"{STORED} AND at < now() - $2::interval LIMIT $1"
REQUESTS_OF = f"{STORED} AND organization_id = $2 LIMIT $1"
DIGEST = f"""
UPDATE event e SET details = jsonb_set(e.details, ARRAY['request'], to_jsonb(w.digest))
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS w(organization_id, id, digest)
WHERE e.organization_id = w.organization_id AND e.id = w.id AND {REQUEST}
"""
Fetch = Callable[..., Awaitable[list[Any]]]


async def move_all(fetch: Fetch = database.rows) -> int:
    """Move all texts through `fetch` but those of events in use; return of how many events."""
    count, last = 0, (START, START)
    while kept := await fetch(KEEP, SLICE, *last):
        await _leave(fetch, kept)
        count += len(kept)
        last = kept[-1]["organization_id"], kept[-1]["id"]
    return count + await _shorten(fetch, REQUESTS, REPEATED_WITHIN)


async def move_of(organization_id: UUID, customer_ids: list[UUID]) -> None:
    """Move all texts of the customers, which the caller has locked; any request may name them."""
    await _leave(database.rows, await database.rows(KEEP_OF, organization_id, customer_ids))
    await _shorten(database.rows, REQUESTS_OF, organization_id)


async def _leave(fetch: Fetch, kept: list[Any]) -> None:
    if kept:
        await fetch(LEAVE, *([row[name] for row in kept] for name in ("organization_id", "id")))


async def _shorten(fetch: Fetch, requests: str, which: object) -> int:
    """Put digests in place of stored requests; return of how many."""
    count = 0
    while rows := await fetch(requests, SLICE, which):
        digests = [digest(json.loads(row["request"])) for row in rows]
        ids = ([row[name] for row in rows] for name in ("organization_id", "id"))
        await fetch(DIGEST, *ids, digests)
        count += len(rows)
    return count
