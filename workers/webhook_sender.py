"""Post events to webhooks, beside the sweep: many at a time, few to one URL."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from models import database
from models.texts.text import Text
from models.webhooks import attempts, outbox
from models.webhooks.settling import Answer, Patience
from settings import Settings
from workers.outliving import outlive
from workers.webhook_post import ATTEMPT_SECONDS, Post
from workers.webhook_settling import settle

FORGET_EVERY_SECONDS = 60.0
# Attempts that end within it share one look at what is due next.
SOON_SECONDS = 0.01
LONG_AGO = float("-inf")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker reads the ledger, and how many attempts it makes at a time.

    At most `each` of `most` attempts go to one URL, at most `part` to those of one organization.
    `lease` is longer than an attempt may take.
    """

    seconds: float = 0.5
    each: int = 8
    part: int = 50
    most: int = 200
    attempt_seconds: float = ATTEMPT_SECONDS
    lease: timedelta = timedelta(seconds=30)


class Webhooks:
    """One loop per worker. The one with the advisory lock reads the ledger; all of them post."""

    def __init__(
        self, settings: Settings, patience: Patience | None = None, pace: Pace | None = None
    ) -> None:
        self.settings = settings
        self.patience = patience or Patience()
        self.pace = pace or Pace()
        self._busy: Counter[UUID] = Counter()
        self._under_way: set[UUID] = set()
        self._freed = asyncio.Event()
        self._read_at = self._forgot_at = LONG_AGO

    async def run(self) -> None:
        async with (
            Post.opened(self.settings, self.pace.attempt_seconds) as post,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                try:
                    await self._look(post, tasks)
                except Exception as fault:
                    outlive("webhooks can't be served and will be tried again", fault)
                    await asyncio.sleep(self.pace.seconds)
                await self._rest()

    async def _look(self, post: Post, tasks: asyncio.TaskGroup) -> None:
        if _is_past(self._read_at, self.pace.seconds):
            self._read_at = time.monotonic()
            if await self._read():
                self._read_at = LONG_AGO
                self._freed.set()
        await self._start(post, tasks)

    async def _read(self) -> bool:
        """Queue new events; return whether there are more to read now."""
        async with database.advisory_lock(database.Lock.WEBHOOKS) as alone:
            if not alone:
                return False
            more = await outbox.queue_new()
            if _is_past(self._forgot_at, FORGET_EVERY_SECONDS):
                self._forgot_at = time.monotonic()
                await outbox.forget_old()
            return more

    async def _start(self, post: Post, tasks: asyncio.TaskGroup) -> None:
        pace = self.pace
        most = pace.most - self._busy.total()
        busy = dict(self._busy)
        for taken in await attempts.take(
            busy, self._under_way, each=pace.each, part=pace.part, most=most, lease=pace.lease
        ):
            self._busy[taken["webhook_id"]] += 1
            tasks.create_task(self._attempt(post, taken))

    async def _rest(self) -> None:
        """Wait for the next look, or until an attempt has ended: another delivery may be due."""
        try:
            async with asyncio.timeout(self.pace.seconds):
                await self._freed.wait()
        except TimeoutError:
            return
        await asyncio.sleep(SOON_SECONDS)
        self._freed.clear()

    async def _attempt(self, post: Post, taken: dict[str, Any]) -> None:
        self._under_way.add(taken["id"])
        try:
            await settle(taken, await self._answer(post, taken), self.patience)
        finally:
            self._under_way.discard(taken["id"])
            self._busy[taken["webhook_id"]] -= 1
            self._busy += Counter[UUID]()
            self._freed.set()

    async def _answer(self, post: Post, taken: dict[str, Any]) -> Answer:
        try:
            return await post(taken)
        except Exception as fault:
            log.exception("an attempt failed unexpectedly", url=taken["url"])
            return Answer(None, Text("it can't be posted: {fault}", fault=type(fault).__name__))


def _is_past(moment: float, seconds: float) -> bool:
    return time.monotonic() - moment >= seconds
