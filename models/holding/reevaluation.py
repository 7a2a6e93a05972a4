"""Everyone held under rules that have changed gets the deadline that the new ones say."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.holdings import read_holdings

BATCH = 1000

# A probe of customer_ruled_by for each pool: the sweep asks it every other second.
STALE = """
SELECT c.id, q.organization_id
FROM (
  SELECT p.* FROM pool p WHERE ($1::uuid IS NULL OR p.id = $1) AND EXISTS (
    SELECT FROM customer s WHERE s.pool_id = p.id AND s.owner_id IS NOT NULL
      AND s.rules_version < p.rules_version)
  LIMIT 1
) AS q
JOIN LATERAL (
  SELECT id FROM customer WHERE pool_id = q.id AND owner_id IS NOT NULL
    AND rules_version < q.rules_version LIMIT $2
) AS c ON true
"""
DUE = """
SELECT c.id, c.organization_id FROM customer c
JOIN pool p ON p.id = c.pool_id AND p.rules_version <> c.rules_version
WHERE c.release_at <= now() ORDER BY c.release_at LIMIT $1
"""
PROGRESS = """
SELECT p.id, count(c.id) AS held, count(c.id) FILTER (WHERE c.rules_version < p.rules_version)
  AS waiting
FROM pool p LEFT JOIN customer c ON c.pool_id = p.id AND c.owner_id IS NOT NULL
WHERE p.id = ANY($1) GROUP BY p.id
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """Of those held from a pool, how many still wait for their deadline by the newest rules."""

    held: int
    waiting: int


async def reevaluate(pool_id: UUID | None = None, *, most: int | None = None) -> int:
    """Batch by batch, each of it whole; of one pool or of any. Answers how many it was.

    A customer that changes meanwhile is left to the next batch; one that is claimed meanwhile has
    the new rules already. Killed, it goes on where it was: what is behind shows on the row.
    """
    count = 0
    while most is None or count < most:
        rows = await database.rows(STALE, pool_id, BATCH)
        if not rows:
            break
        count += await _reevaluate(rows[0]["organization_id"], [row["id"] for row in rows])
    return count


async def reevaluate_due() -> int:
    """Those first whose old deadline has passed: they don't wait for the rest of their pool."""
    count = 0
    while rows := await database.rows(DUE, BATCH):
        by_organization = defaultdict[UUID, list[UUID]](list)
        for row in rows:
            by_organization[row["organization_id"]].append(row["id"])
        for organization_id, ids in by_organization.items():
            count += await _reevaluate(organization_id, ids)
    return count


async def progress(pool_ids: Sequence[UUID]) -> dict[UUID, Progress]:
    rows = await database.rows(PROGRESS, list(pool_ids))
    return {row["id"]: Progress(row["held"], row["waiting"]) for row in rows}


async def _reevaluate(organization_id: UUID, ids: list[UUID]) -> int:
    changes = [
        Change(holding, holding.facts, holding.calendar, by_another=True)
        for holding in await read_holdings(organization_id, ids)
        if holding.customer.owner_id is not None
    ]
    customers = await rewrite_holdings(changes)
    if customers:
        await alarms.arm(came_nearer(changes, customers), changes[0].holding.now)
    return len(customers)


# So many are moved by the change itself; a worker goes on with the rest.
AT_ONCE = 5000
