"""Releases everything that is due."""

import asyncio

from models.ownership.releases import RELEASE, _released

BATCH = 500
# A customer whose rules have changed meanwhile is evaluated anew first, never released by old ones.
DUE = RELEASE.replace(
    "{which}",
    """
  JOIN pool p ON p.id = c.pool_id AND p.rules_version = c.rules_version
  WHERE c.release_at <= now() ORDER BY c.release_at LIMIT $5 FOR UPDATE OF c SKIP LOCKED""",
)


class Drain:
    """Releases all that is due; one at a time, and a call meanwhile makes it look again."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._again = False

    async def __call__(self) -> int:
        self._again = True
        released = 0
        async with self._lock:
            while self._again:
                self._again = False
                while batch := await _released(DUE, None, None, None, None, BATCH):
                    released += len(batch)
        return released


release_due = Drain()
