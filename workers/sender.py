"""Loops that send what the ledger has for somebody, beside the sweep: many at a time."""

import asyncio
import math
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from models import database
from models.sharding.share import Share
from workers.outliving import outlive
from workers.pace import Pace

FORGET_EVERY_SECONDS = 60.0
# Attempts that end within it share one look at what is due next.
SOON_SECONDS = 0.01
LONG_AGO = float("-inf")

Job = TypeVar("Job")


class Sender(ABC, Generic[Job]):
    """One loop per worker. The one with the advisory lock reads the ledger; all of them send.

    A worker with a share sends for its organizations alone, and takes what is due of each by
    itself. The ledger has one order for all: whoever has the lock reads it for every share.
    """

    what: ClassVar[str]
    lock: ClassVar[database.Lock]
    # The SQL of a row for each organization with something due, the longest due first.
    organizations_due: ClassVar[str]

    def __init__(self, pace: Pace | None = None, share: Share | None = None) -> None:
        self.pace = pace or Pace()
        self.share = share
        self.busy: Counter[UUID] = Counter()
        self.under_way: set[UUID] = set()
        self._freed = asyncio.Event()
        self._read_at = self._forgot_at = LONG_AGO

    @abstractmethod
    async def read(self) -> bool:
        """Read on in the ledger; return whether there is more to read now."""

    @abstractmethod
    async def forget(self) -> None:
        """Delete what is old."""

    @abstractmethod
    async def take(self, most: int, organization_id: UUID | None = None) -> Sequence[Job]:
        """Lease at most `most` of what is due, of one organization or of all."""

    @abstractmethod
    def key_of(self, job: Job) -> tuple[UUID, UUID]:
        """The job's id, and the id of those whose place it takes."""

    @abstractmethod
    async def attempt(self, job: Job) -> None:
        """Send it, and store the result."""

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    await self._look(tasks)
                except Exception as fault:
                    outlive(f"{self.what} can't be served and will be tried again", fault)
                    await asyncio.sleep(self.pace.seconds)
                await self._rest()

    async def batches(self) -> AsyncIterator[Sequence[Job]]:
        """Lease what is due: all in one batch, or a batch for each organization of a share.

        Each of these may have an equal part of the places that those before it left.
        """
        if self.share is None:
            yield await self.take(self._places)
        elif self._places > 0:
            due = self.share.of(await database.rows(self.organizations_due))
            for left, row in zip(range(len(due), 0, -1), due, strict=True):
                yield await self.take(math.ceil(self._places / left), row["organization_id"])

    async def _look(self, tasks: asyncio.TaskGroup) -> None:
        if _is_past(self._read_at, self.pace.seconds):
            self._read_at = time.monotonic()
            if await self._read():
                self._read_at = LONG_AGO
                self._freed.set()
        async for jobs in self.batches():
            for job in jobs:
                self.busy[self.key_of(job)[1]] += 1
                tasks.create_task(self._attempt(job))

    @property
    def _places(self) -> int:
        return self.pace.most - self.busy.total()

    async def _read(self) -> bool:
        async with database.advisory_lock(self.lock) as alone:
            if not alone:
                return False
            more = await self.read()
            if _is_past(self._forgot_at, FORGET_EVERY_SECONDS):
                self._forgot_at = time.monotonic()
                await self.forget()
            return more

    async def _rest(self) -> None:
        """Wait for the next look, or until an attempt has ended: another delivery may be due."""
        try:
            async with asyncio.timeout(self.pace.seconds):
                await self._freed.wait()
        except TimeoutError:
            return
        await asyncio.sleep(SOON_SECONDS)
        self._freed.clear()

    async def _attempt(self, job: Job) -> None:
        id, place = self.key_of(job)
        self.under_way.add(id)
        try:
            await self.attempt(job)
        finally:
            self.under_way.discard(id)
            self.busy[place] -= 1
            self.busy += Counter[UUID]()
            self._freed.set()


def _is_past(moment: float, seconds: float) -> bool:
    return time.monotonic() - moment >= seconds
