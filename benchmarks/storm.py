"""What a storm of releases needs: customers that are due together, claims beside it, lateness."""

import asyncio
import contextlib
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from benchmarks.ground import SECRET
from models import database
from models.ownership import claims
from models.viewers import Viewer
from settings import Settings

# All but $2 customers of a pool, by every member but $3 as many, in any order, as claims would have
# left it: due in $4 seconds.
HOLD = """
WITH seats AS (
  SELECT *, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS of FROM seat
  WHERE pool_id = $1 AND member_id IS DISTINCT FROM $3::uuid
), free AS (
  SELECT organization_id, id, row_number() OVER (ORDER BY random()) AS n FROM customer
  WHERE pool_id = $1 AND owner_id IS NULL
  OFFSET $2
), held AS (
  UPDATE customer c SET owner_id = s.member_id, epoch = c.epoch + 1, opened_at = NULL,
    claimed_at = now(), rules_version = p.rules_version,
    release_at = now() + $4 * interval '1 second', release_reason = 'MAX_HOLD'
  FROM free f JOIN seats s ON s.n = f.n % s.of, pool p
  WHERE c.organization_id = f.organization_id AND c.id = f.id
    AND p.organization_id = c.organization_id AND p.id = c.pool_id
  RETURNING c.organization_id, c.pool_id, c.owner_id
)
UPDATE seat s SET held = s.held + n.held FROM (
  SELECT organization_id, pool_id, owner_id, count(*) AS held FROM held GROUP BY 1, 2, 3
) n WHERE s.organization_id = n.organization_id AND s.pool_id = n.pool_id
  AND s.member_id = n.owner_id
"""
TIDY = ("VACUUM ANALYZE customer", "VACUUM ANALYZE event", "VACUUM ANALYZE seat", "CHECKPOINT")
# By index, however many events there are. One drain writes the releases, one transaction after
# another.
NEWEST = "SELECT txid FROM event ORDER BY txid DESC, seq DESC LIMIT 1"
SEEN = """
SELECT txid, clock_timestamp() - due_at AS late FROM event
WHERE txid > $1::xid8 AND action = 'RELEASED' ORDER BY txid, seq
"""
UNTIL_DUE = """
SELECT extract(epoch FROM min(release_at) - clock_timestamp())::float8 AS seconds FROM customer
"""
ANY_DUE = "SELECT EXISTS (SELECT FROM customer WHERE release_at <= now()) AS due"
POLL_SECONDS = 0.004


async def hold_due(
    pool_id: UUID, *, left: int = 0, but: UUID | None = None, seconds: float = 0.0
) -> None:
    """All but `left` customers of the pool are held and due, and the tables are tidy."""
    await database.rows(HOLD, pool_id, left, but, seconds)
    for statement in TIDY:
        await database.rows(statement)


async def seconds_until_due() -> float:
    seconds: float = (await database.rows(UNTIL_DUE))[0]["seconds"]
    return seconds


async def until_due(due: bool) -> None:
    """Wait until something is due, or nothing is any more."""
    while (await database.rows(ANY_DUE))[0]["due"] != due:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def worker_process(settings: Settings) -> AsyncIterator[None]:
    environment = os.environ | {
        "SEAPOOL_DATABASE_URL": settings.database_url or "",
        "SEAPOOL_REDIS_URL": settings.redis_url or "",
        "SEAPOOL_SECRET": SECRET,
    }
    root = Path(__file__).parent.parent
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "manage.py", "worker"),
        cwd=root,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.terminate()
        await worker.wait()


async def claim_steadily(
    viewer: Viewer, ids: list[UUID], every: float, ended: asyncio.Event
) -> list[tuple[float, float]]:
    """Claim one each `every` seconds, until the ids or the event end it.

    Return when each should have begun, and how many ms it took from then.

    So one that begins late because another was slow takes longer.
    """
    started = time.perf_counter()
    took: list[tuple[float, float]] = []
    for n, id in enumerate(ids):
        if ended.is_set():
            break
        begin = started + n * every
        await asyncio.sleep(max(0.0, begin - time.perf_counter()))
        await claims.claim(viewer, [id])
        took.append((begin, (time.perf_counter() - begin) * 1000))
    return took


async def lateness(count: int) -> list[float]:
    """Return of `count` releases how late another session saw their commit, in ms.

    It looks every POLL_SECONDS, so it says too much by up to that and one small statement.
    """
    newest = (await database.rows(NEWEST))[0]["txid"]
    seen: list[timedelta] = []
    while len(seen) < count:
        rows = await database.rows(SEEN, newest)
        seen += [row["late"] for row in rows]
        newest = rows[-1]["txid"] if rows else newest
        await asyncio.sleep(POLL_SECONDS)
    return [late / timedelta(milliseconds=1) for late in seen]


def percentiles(values: list[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=100)[98]
