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
from models.sharding.share import ALL, Share
from models.tables import Customer
from models.viewers import Viewer

BATCH = 1000
# The request that changes the rules moves so many customers; a worker moves the rest.
AT_ONCE = 5000

# It probes customer_ruled_by once a pool: the sweep asks every two seconds.
BEHIND = """
SELECT p.organization_id, p.id FROM pool p, LATERAL (
  SELECT FROM customer WHERE organization_id = p.organization_id AND pool_id = p.id
    AND owner_id IS NOT NULL AND rules_version < p.rules_version LIMIT 1) AS c
"""
STALE = """
SELECT c.id FROM pool p JOIN customer c ON c.organization_id = $1 AND c.pool_id = p.id
  AND c.owner_id IS NOT NULL AND c.rules_version < p.rules_version
WHERE p.organization_id = $1 AND p.id = $2 AND c.id <> ALL($4) LIMIT $3
"""


def _due(which: str) -> str:
    return f"""
SELECT c.id, c.organization_id FROM customer c
JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
  AND p.rules_version <> c.rules_version
WHERE c.release_at <= now() AND c.id <> ALL($2){which} ORDER BY c.release_at LIMIT $1
"""


DUE = _due("")
DUE_OF = _due(" AND c.organization_id = $3")
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


async def reevaluate(share: Share = ALL) -> int:
    """Move customers of each pool that is behind to the newest rules; return how many."""
    pools = share.of(await database.rows(BEHIND))
    return sum([await reevaluate_pool(row["organization_id"], row["id"]) for row in pools])


async def reevaluate_pool(organization_id: UUID, pool_id: UUID, most: int | None = None) -> int:
    """Move customers of one pool to the newest rules; return how many.

    Stops at the first batch that reaches `most`. A customer that another writer has locked or
    changed is left to the next round. Safe to kill: unprocessed rows still have the old
    rules_version.
    """
    count, left = 0, list[UUID]()
    while most is None or count < most:
        rows = await database.rows(STALE, organization_id, pool_id, BATCH, left)
        if not rows:
            break
        ids = [row["id"] for row in rows]
        written = {customer.id for customer in await _reevaluate_of(organization_id, ids)}
        count += len(written)
        left += [id for id in ids if id not in written]
    return count


async def reevaluate_due(organization_id: UUID | None = None) -> int:
    """Move customers whose old deadline has passed, before the rest of their pool.

    Of one organization, or of all in common statements.
    """
    sql, which = (DUE, ()) if organization_id is None else (DUE_OF, (organization_id,))
    count, left = 0, list[UUID]()
    while rows := await database.rows(sql, BATCH, left, *which):
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
