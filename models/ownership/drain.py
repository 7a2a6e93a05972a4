"""The drain: it releases everything that is due, one customer or thousands."""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

from models import database
from models.holding.alarms import ORGANIZATION_OF, seconds_left
from models.ledger.others import OtherWriters
from models.ownership.release_statement import WITH_SEATS, Release, release_sql, write_release
from models.telemetry import metrics
from models.telemetry.lateness import Stopwatch

BATCH = 500
# So many statements run at once where more than a batch is due and nobody else writes, each for
# other owners: none waits for another's seats, or passes them over.
LANES = 2
# Members who work get a core of their own: one statement at a time until they wrote nothing for so
# long. A lane looks for them after so many batches.
QUIET_SECONDS = 1.0
BATCHES_UNTIL_A_LOOK = 4
# Only by the rules in force: after a rule change a customer is re-evaluated first.
WHICH = f"""{WITH_SEATS}
  WHERE p.rules_version = c.rules_version AND c.release_at <= now()
    AND ($7::integer IS NULL OR abs(uuid_hash(c.owner_id) % {LANES}) = $7)"""
# Ids break ties: the indexes of events are in their order, so a batch writes to few of their pages.
FIRST = "ORDER BY c.release_at, c.id LIMIT $6 FOR UPDATE OF c, s"
DUE = database.skip_locked(release_sql(f"{WHICH}\n  {FIRST}", "c.opened_at"))
DUE_OF = database.skip_locked(
    release_sql(f"{WHICH} AND c.organization_id = $8\n  {FIRST}", "c.opened_at", "$8")
)


class Drain:
    """One drain at a time in a process; a call during a drain makes it look again.

    It serves one organization, or all of them in common statements.
    """

    def __init__(self, organization_id: UUID | None = None) -> None:
        self._organization_id = organization_id
        self._lock = asyncio.Lock()
        self._again = False

    async def __call__(self) -> int:
        """Release everything that is due; return how many customers."""
        self._again = True
        released = 0
        async with self._lock:
            while self._again:
                self._again = False
                released += await self._drain()
        return released

    async def _drain(self) -> int:
        released, quiet, others = 0, False, OtherWriters()
        while count := await (self._drain_lanes() if quiet else self._release_batch(None)):
            released += count
            quiet = count >= BATCH and await others.quiet_for(QUIET_SECONDS, own=count)
        return released

    async def _drain_lanes(self) -> int:
        """Raises the first fault of a lane; the other lane then ends too."""
        try:
            async with asyncio.TaskGroup() as tasks:
                lanes = [tasks.create_task(self._drain_lane(lane)) for lane in range(LANES)]
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults
        return sum(lane.result() for lane in lanes)

    async def _drain_lane(self, lane: int) -> int:
        released = 0
        for _ in range(BATCHES_UNTIL_A_LOOK):
            released += (count := await self._release_batch(lane))
            if not count:
                break
        return released

    async def _release_batch(self, lane: int | None) -> int:
        """Release a batch of a lane, or of any owners; return how many customers."""
        if self._organization_id is None:
            return await _release(DUE, BATCH, lane)
        return await _release(DUE_OF, BATCH, lane, self._organization_id)


async def _release(sql: str, *values: object) -> int:
    watch = Stopwatch()
    released = await write_release(sql, Release(), *values)
    if released:
        due = (row["was_due_at"] for row in released)
        watch.observe(metrics.release_lateness, released[0]["opened_at"], due)
    return len(released)


release_due = Drain()
_of_one: WeakValueDictionary[UUID, Drain] = WeakValueDictionary()


async def release_due_of(organization_id: UUID) -> int:
    """Release everything of one organization that is due; return how many customers."""
    return await _of_one.setdefault(organization_id, Drain(organization_id))()


async def ring_release(
    customer_id: UUID, epoch: int, job_id: str, *, of_one: bool = False
) -> float | None:
    """A release alarm rings: release what is due, or only `of_one` organization, the customer's.

    Return in how many seconds the job must ring again, None if it is done or obsolete.
    """
    if of_one:
        for row in await database.rows(ORGANIZATION_OF, customer_id):
            await release_due_of(row["organization_id"])
    else:
        await release_due()
    return await seconds_left(customer_id, epoch, job_id)
