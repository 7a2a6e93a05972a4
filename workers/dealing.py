"""Deal customers out as they enter a pool: at the doorbell, and every few seconds."""

import asyncio
import contextlib

import structlog

from models import database, sparing_log
from models.distribution.rounds import Rounds
from models.queue.doorbell import rings
from models.sharding.share import Share
from settings import Settings
from workers.outliving import outlive

SECONDS = 2.0
# Rings that come within it share a round.
SOON_SECONDS = 0.25

log = structlog.get_logger()


class Dealing:
    """One loop per worker. Without Valkey a round comes every `seconds`."""

    def __init__(
        self, settings: Settings, seconds: float = SECONDS, share: Share | None = None
    ) -> None:
        self.settings = settings
        self.seconds = seconds
        self._deal = Rounds(share)
        self._rung = asyncio.Event()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._hear())
            loops.create_task(self._every_ring())

    async def _every_ring(self) -> None:
        while True:
            self._rung.clear()
            try:
                if count := await self._deal():
                    log.info("dealt customers out", count=count)
            except Exception as fault:
                outlive("customers can't be dealt out and will be tried again", fault)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.seconds):
                    await self._rung.wait()
            await asyncio.sleep(SOON_SECONDS)

    async def _hear(self) -> None:
        while True:
            try:
                async for _ in rings(self.settings, self.seconds):
                    self._rung.set()
            except Exception as fault:
                database.end_if_cancelled()
                sparing_log.warning("Valkey is away: dealing waits for its turn", fault=repr(fault))
                await asyncio.sleep(self.seconds)
