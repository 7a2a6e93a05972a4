"""The drain: it releases everything that is due, one customer or thousands."""

import asyncio
from uuid import UUID

from models import database
from models.holding.alarms import seconds_left
from models.ownership.release_statement import WITH_SEATS, Release, release_sql, write_release

BATCH = 500
# Only by the rules in force: after a rule change a customer is re-evaluated first.
DUE = database.skip_locked(
    release_sql(
        f"""{WITH_SEATS}
  JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
    AND p.rules_version = c.rules_version
  WHERE c.release_at <= now() ORDER BY c.release_at LIMIT $5 FOR UPDATE OF c, s"""
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
                while batch := await write_release(DUE, Release(), BATCH):
                    released += len(batch)
        return released


release_due = Drain()


async def ring_release(customer_id: UUID, epoch: int, job_id: str) -> float | None:
    """A release alarm rings: release what is due.

    Return in how many seconds the job must ring again, None if it is done or obsolete.
    """
    await release_due()
    return await seconds_left(customer_id, epoch, job_id)
