"""The drain: it releases everything that is due, one customer or thousands."""

import asyncio
from uuid import UUID

from models import database
from models.holding.alarms import seconds_left
from models.ownership.release_statement import WITH_SEATS, Release, release_sql, write_release
from models.telemetry import metrics
from models.telemetry.lateness import Stopwatch

BATCH = 500
# So many statements run at once where more than a batch is due, each for other owners: none waits
# for another's seats, or passes them over.
LANES = 2
# Only by the rules in force: after a rule change a customer is re-evaluated first.
DUE = database.skip_locked(
    release_sql(
        f"""{WITH_SEATS}
  WHERE p.rules_version = c.rules_version AND c.release_at <= now()
    AND ($6::integer IS NULL OR abs(uuid_hash(c.owner_id) % {LANES}) = $6)
  ORDER BY c.release_at LIMIT $5 FOR UPDATE OF c, s""",
        "c.opened_at",
    )
)


class Drain:
    """One drain at a time in a process; a call during a drain makes it look again."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._again = False

    async def __call__(self) -> int:
        """Release everything that is due; return how many customers."""
        self._again = True
        released = 0
        async with self._lock:
            while self._again:
                self._again = False
                released += await _drain()
        return released


async def _drain() -> int:
    released = 0
    while count := await _release_batch(None):
        released += count
        if count == BATCH:
            released += await _drain_lanes()
    return released


async def _drain_lanes() -> int:
    """Raises the first fault of a lane; the other lane then ends too."""
    try:
        async with asyncio.TaskGroup() as tasks:
            lanes = [tasks.create_task(_drain_lane(lane)) for lane in range(LANES)]
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from faults
    return sum(lane.result() for lane in lanes)


async def _drain_lane(lane: int) -> int:
    released = 0
    while count := await _release_batch(lane):
        released += count
    return released


async def _release_batch(lane: int | None) -> int:
    """Release a batch of a lane, or of any owners; return how many customers."""
    watch = Stopwatch()
    released = await write_release(DUE, Release(), BATCH, lane)
    if released:
        due = (row["was_due_at"] for row in released)
        watch.observe(metrics.release_lateness, released[0]["opened_at"], due)
    return len(released)


release_due = Drain()


async def ring_release(customer_id: UUID, epoch: int, job_id: str) -> float | None:
    """A release alarm rings: release what is due.

    Return in how many seconds the job must ring again, None if it is done or obsolete.
    """
    await release_due()
    return await seconds_left(customer_id, epoch, job_id)
