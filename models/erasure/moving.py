"""Texts that a process of the release before wrote into events, moved into rows of their own.

The migration moves them all. Afterwards the worker moves what such a process still writes. Killed
between two statements, a text is in both places: whoever reads it reads the same.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.ledger.idempotency import digest
from models.sharding.share import ALL, Share

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
SELECT id FROM picked ORDER BY id
"""


def next_sql(which: str) -> str:
    """Return the statement for the first organization behind $1 with such events.

    It takes one entry of an index; the planner would read the whole ledger for all of them.
    """
    return f"""
SELECT organization_id FROM event WHERE {which} AND organization_id > $1
ORDER BY organization_id LIMIT 1
"""


NEXT_WITH_TEXTS = next_sql(TEXTUAL)
# The changes of a customer without keys still tell its keys: see models.duplicates.backlog. Each
# slice goes on behind the one before it, by the index event_texts_left. A join with all customers
# began with the oldest event each time: 1,000 texts took 0.2 s at first, and 1.7 s after 340,000.
KEEP = keep_sql("""e.organization_id = $1 AND e.id > $3
    AND (SELECT c.keyed_at IS NOT NULL FROM customer c
      WHERE c.organization_id = e.organization_id AND c.id = e.customer_id)
  ORDER BY e.id LIMIT $2 FOR NO KEY UPDATE OF e SKIP LOCKED""")
START = UUID(int=0)
KEEP_OF = keep_sql(
    "e.organization_id = $1 AND e.customer_id = ANY($2::uuid[]) FOR NO KEY UPDATE OF e"
)
# The note stays, empty: the release before reads it of every follow-up.
LEAVE = f"""
UPDATE event e SET reason = CASE WHEN {WRITTEN} THEN release_reason ELSE reason END,
  details = details - 'changed' - 'value'
    || CASE WHEN details ? 'note' THEN '{{"note": ""}}'::jsonb ELSE '{{}}' END
WHERE e.organization_id = $1 AND e.id = ANY($2::uuid[]) AND {TEXTUAL}
"""
# The release before takes a digest for another request: so its clients can repeat a key as long.
REPEATED_WITHIN = timedelta(hours=1)
NEXT_WITH_REQUESTS = next_sql(f"{REQUEST} AND at < now() - $2::interval")
REQUESTS = f"""
SELECT id, details ->> 'request' AS request FROM event
WHERE organization_id = $1 AND {REQUEST} AND ($3::interval IS NULL OR at < now() - $3) LIMIT $2
"""
DIGEST = f"""
UPDATE event e SET details = jsonb_set(e.details, ARRAY['request'], to_jsonb(w.digest))
FROM unnest($2::uuid[], $3::text[]) AS w(id, digest)
WHERE e.organization_id = $1 AND e.id = w.id AND e.id = ANY($2) AND {REQUEST}
"""
Fetch = Callable[..., Awaitable[list[Any]]]


async def move_all(share: Share = ALL, fetch: Fetch = database.rows) -> int:
    """Move all texts through `fetch` but those of events in use; return of how many events."""
    count = 0
    async for id in _organizations(fetch, NEXT_WITH_TEXTS):
        count += await _move(fetch, id) if share.has(id) else 0
    async for id in _organizations(fetch, NEXT_WITH_REQUESTS, REPEATED_WITHIN):
        count += await _shorten(fetch, id, REPEATED_WITHIN) if share.has(id) else 0
    return count


async def move_of(organization_id: UUID, customer_ids: list[UUID]) -> None:
    """Move all texts of the customers, which the caller has locked; any request may name them."""
    kept = await database.rows(KEEP_OF, organization_id, customer_ids)
    await _leave(database.rows, organization_id, kept)
    await _shorten(database.rows, organization_id, None)


async def _organizations(fetch: Fetch, sql: str, *values: object) -> AsyncIterator[UUID]:
    last = START
    while rows := await fetch(sql, last, *values):
        last = rows[0]["organization_id"]
        yield last


async def _move(fetch: Fetch, organization_id: UUID) -> int:
    count, last = 0, START
    while kept := await fetch(KEEP, organization_id, SLICE, last):
        await _leave(fetch, organization_id, kept)
        count += len(kept)
        last = kept[-1]["id"]
    return count


async def _leave(fetch: Fetch, organization_id: UUID, kept: list[Any]) -> None:
    if kept:
        await fetch(LEAVE, organization_id, [row["id"] for row in kept])


async def _shorten(fetch: Fetch, organization_id: UUID, older: timedelta | None) -> int:
    """Put digests in place of stored requests, or only of older ones; return of how many."""
    count = 0
    while rows := await fetch(REQUESTS, organization_id, SLICE, older):
        digests = [digest(json.loads(row["request"])) for row in rows]
        await fetch(DIGEST, organization_id, [row["id"] for row in rows], digests)
        count += len(rows)
    return count
