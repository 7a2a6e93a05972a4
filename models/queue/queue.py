"""Valkey as an accelerator: alarms on arq's queue, and the doorbell. Its loss costs seconds."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from models.queue import round_trip
from models.queue.doorbell import DOORBELL, Bell
from models.queue.jobs import Alarm, commands_of, encoded_job
from models.queue.valkey import client
from models.time_limit import TimeLimit
from settings import Settings

PAUSE_SECONDS = 1.0
# So long a request waits for Valkey; then its alarms are sent behind its answer.
BRIEF_SECONDS = 0.25
FAULTS = (RedisError, OSError, asyncio.TimeoutError)

log = structlog.get_logger()


class Queue:
    """One process's connection to Valkey; it leaves a dead server alone for PAUSE_SECONDS.

    Nobody waits for a server that did not answer the last time.
    """

    def __init__(self) -> None:
        # Its answers have no limit of time: who uses it sets one for all that it asks.
        self.redis: Redis | None = None
        self.users = 0
        self.paused_until = 0.0
        self._doubtful = False
        self._waiting: dict[str, tuple[bytes, int]] = {}
        self._useless: list[str] = []
        self._rings = False
        self.bell = Bell()
        self._sending: asyncio.Task[None] | None = None
        # Set once what waits now is sent.
        self._sent = asyncio.Event()

    async def send(
        self,
        alarms: Iterable[Alarm],
        now: datetime | None,
        *,
        ring: bool,
        useless: Sequence[str] = (),
    ) -> None:
        """Queue the alarms, delete the `useless` jobs, ring the doorbell: one round trip for all.

        Calls during a round trip share the next one; each waits for its own, and no longer. A fault
        is logged, never raised: the sweep does the work of lost alarms.
        """
        if ring:
            self.bell.ring()
        if self.redis is None or time.monotonic() < self.paused_until:
            return
        self._waiting.update((alarm.job_id, encoded_job(alarm, now)) for alarm in alarms)
        self._useless += useless
        self._rings = self._rings or ring
        if self._waiting or self._useless or self._rings:
            await self._send_all()

    def open(self, redis: Redis) -> None:
        self.redis, self.paused_until, self._doubtful = redis, 0.0, False

    async def close(self) -> None:
        redis, self.redis = self.redis, None
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
            self._sending = None  # If it had not begun, it did not say so itself.
        if redis is not None:
            await redis.aclose()

    async def _send_all(self) -> None:
        if self._sending is None:
            self._sent, self._sending = asyncio.Event(), asyncio.create_task(self._flush_all())
        sent = self._sent
        if not self._doubtful:
            try:
                with TimeLimit(BRIEF_SECONDS):
                    await sent.wait()
            except TimeoutError:
                self._doubtful = True
                self._sent.set()

    async def _flush_all(self) -> None:
        try:
            while self.redis and (self._waiting or self._useless or self._rings):
                await self._flush(self.redis)
                self._doubtful = False
        except FAULTS as fault:
            self._pause(fault)
        finally:
            self._sending = None
            self._sent.set()

    async def _flush(self, redis: Redis) -> None:
        jobs, self._waiting = self._waiting, {}
        useless, self._useless = self._useless, []
        rings, self._rings = self._rings, False
        sent, self._sent = self._sent, asyncio.Event()
        commands = commands_of(jobs, useless)
        if rings:
            commands.append(("PUBLISH", DOORBELL, self.bell.name))
        try:
            await round_trip.send(redis, commands)
        finally:
            sent.set()

    def _pause(self, fault: BaseException) -> None:
        self.paused_until, self._doubtful = time.monotonic() + PAUSE_SECONDS, True
        log.warning(
            "valkey can't be reached: the sweep releases and reminds, subscriptions poll",
            fault=repr(fault),
        )


queue = Queue()


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[None]:
    """Connect the queue while entered; nested uses in one process share it."""
    if queue.users == 0:
        queue.open(client(settings, seconds=None))
    queue.users += 1
    try:
        yield
    finally:
        queue.users -= 1
        if queue.users == 0:
            await queue.close()
