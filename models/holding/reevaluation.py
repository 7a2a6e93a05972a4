"""Customers held under rules that have changed get their deadline by the new ones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.holdings import read_holdings
from models.tables import Customer
from models.viewers import Viewer

BATCH = 1000
# The request that changes the rules moves so many customers; a worker moves the rest.
AT_ONCE = 5000

# Of one pool or of any. It probes customer_ruled_by once a pool: the sweep asks every two seconds.
STALE = """
SELECT c.id, q.organization_id
FROM (
  -- 1. A pool with customers under older rules.
  SELECT p.* FROM pool p WHERE ($1::uuid IS NULL OR p.id = $1) AND EXISTS (
    SELECT FROM customer s WHERE s.organization_id = p.organization_id AND s.pool_id = p.id
      AND s.owner_id IS NOT NULL AND s.rules_version < p.rules_version AND s.id <> ALL($3))
  LIMIT 1
) AS q
JOIN LATERAL (
  -- 2. Those customers.
  SELECT id FROM customer
  WHERE organization_id = q.organization_id AND pool_id = q.id AND owner_id IS NOT NULL
    AND rules_version < q.rules_version AND id <> ALL($3) LIMIT $2
) AS c ON true
"""
DUE = """
SELECT c.id, c.organization_id FROM customer c
JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
  AND p.rules_version <> c.rules_version
WHERE c.release_at <= now() AND c.id <> ALL($2) ORDER BY c.release_at LIMIT $1
"""
PROGRESS = """
SELECT p.id, count(c.id) AS held, count(c.id) FILTER (WHERE c.rules_version < p.rules_version)
  AS waiting
FROM pool p LEFT JOIN customer c ON c.organization_id = p.organization_id AND c.pool_id = p.id
  AND c.owner_id IS NOT NULL
WHERE p.organization_id = $1 AND p.id = ANY($2) GROUP BY p.id
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many customers are held from a pool, and how many still wait for the newest rules."""

    held: int
    waiting: int


async def reevaluate(pool_id: UUID | None = None, *, most: int | None = None) -> int:
    """Move customers of one pool, or of any, to the newest rules; return how many.

    Stops at the first batch that reaches `most`. A customer that another writer has locked or
    changed is left to the next round. Safe to kill: unprocessed rows still have the old
    rules_version.
    """
    count, left = 0, list[UUID]()
    while most is None or count < most:
        rows = await database.rows(STALE, pool_id, BATCH, left)
        if not rows:
            break
        written = await _reevaluate(rows)
        count += len(written)
        left += [row["id"] for row in rows if row["id"] not in written]
    return count


async def reevaluate_due() -> int:
    """Move customers whose old deadline has passed, before the rest of their pool."""
    count, left = 0, list[UUID]()
    while rows := await database.rows(DUE, BATCH, left):
        written = await _reevaluate(rows)
        count += len(written)
        left += [row["id"] for row in rows if row["id"] not in written]
    return count


async def progress(viewer: Viewer, pool_ids: Sequence[UUID]) -> dict[UUID, Progress]:
    rows = await database.rows(PROGRESS, viewer.organization.id, list(pool_ids))
    return {row["id"]: Progress(row["held"], row["waiting"]) for row in rows}


async def _reevaluate(rows: list[dict[str, Any]]) -> set[UUID]:
    """Return the ids of the customers that were written."""
    ids = defaultdict[UUID, list[UUID]](list)
    for row in rows:
        ids[row["organization_id"]].append(row["id"])
    written: set[UUID] = set()
    for organization_id, some in ids.items():
        written |= {customer.id for customer in await _reevaluate_of(organization_id, some)}
    return written


async def _reevaluate_of(organization_id: UUID, ids: list[UUID]) -> list[Customer]:
    changes = [
        Change(holding, holding.facts, holding.calendar, by_another=True)
        for holding in await read_holdings(organization_id, ids)
        if holding.customer.owner_id is not None
    ]
    customers = await rewrite_holdings(changes, waits=False)
    if customers:
        await alarms.arm(came_nearer(changes, customers), changes[0].holding.now)
    return customers
