"""Valkey as an accelerator: alarms on arq's queue, and the doorbell. Its loss costs seconds."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

import structlog
from arq.constants import default_queue_name, job_key_prefix
from redis.asyncio import Redis
from redis.exceptions import RedisError

from models.queue.jobs import Alarm, clock_ms, encoded_job
from models.queue.valkey import client
from settings import Settings

DOORBELL = "seapool:doorbell"
KEPT_AFTER_DUE_MS = 30 * 86_400_000
PAUSE_SECONDS = 1.0
FAULTS = (RedisError, OSError, asyncio.TimeoutError)

log = structlog.get_logger()


class Queue:
    """One process's connection to Valkey; it leaves a dead server alone for PAUSE_SECONDS."""

    def __init__(self) -> None:
        self.redis: Redis | None = None
        self.users = 0
        self.paused_until = 0.0
        self._waiting: dict[str, tuple[bytes, int]] = {}
        self._rings = False
        self._sending = False

    async def send(self, alarms: Iterable[Alarm], now: datetime | None, *, ring: bool) -> None:
        """Queue the alarms and ring the doorbell in one round trip.

        Calls during a round trip share the next one. A fault is logged, never raised: the sweep
        does the work of lost alarms.
        """
        if self.redis is None or time.monotonic() < self.paused_until:
            return
        self._waiting.update((alarm.job_id, encoded_job(alarm, now)) for alarm in alarms)
        self._rings = self._rings or ring
        if self._sending:
            return
        self._sending = True
        try:
            while self._waiting or self._rings:
                await self._flush(self.redis)
        except FAULTS as fault:
            self._pause(fault)
        finally:
            self._sending = False

    async def _flush(self, redis: Redis) -> None:
        jobs, self._waiting = self._waiting, {}
        rings, self._rings = self._rings, False
        async with redis.pipeline(transaction=False) as pipe:
            for job_id, (payload, due) in jobs.items():
                lives = max(0, due - clock_ms()) + KEPT_AFTER_DUE_MS
                pipe.set(job_key_prefix + job_id, payload, nx=True, px=lives)
            if jobs:
                pipe.zadd(default_queue_name, {id: due for id, (_, due) in jobs.items()}, nx=True)
            if rings:
                pipe.publish(DOORBELL, b"")
            await pipe.execute()

    async def drop(self, job_ids: list[str]) -> None:
        """Delete obsolete alarms from the queue."""
        if self.redis is None or not job_ids or time.monotonic() < self.paused_until:
            return
        try:
            async with self.redis.pipeline(transaction=False) as pipe:
                pipe.zrem(default_queue_name, *job_ids)
                pipe.delete(*(job_key_prefix + job_id for job_id in job_ids))
                await pipe.execute()
        except FAULTS as fault:
            self._pause(fault)

    def _pause(self, fault: BaseException) -> None:
        self.paused_until = time.monotonic() + PAUSE_SECONDS
        log.warning(
            "valkey can't be reached: the sweep releases and reminds, subscriptions poll",
            fault=repr(fault),
        )


queue = Queue()


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[None]:
    """Connect the queue while entered; nested uses in one process share it."""
    if queue.users == 0:
        queue.redis = client(settings)
        queue.paused_until = 0.0
    queue.users += 1
    try:
        yield
    finally:
        queue.users -= 1
        if queue.users == 0 and queue.redis is not None:
            await queue.redis.aclose()
            queue.redis = None
