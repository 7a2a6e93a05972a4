"""Looks every few seconds how this process and its backlogs do, for its metrics."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from models import database, heartbeat, sparing_log
from models.ledger.feed import Cursor
from models.queue.depth import depth
from models.queue.queue import FAULTS
from models.telemetry import metrics
from models.watch import backlogs

SECONDS = 5.0
LOOP_SECONDS = 0.25

log = structlog.get_logger()

# Where the listener of subscriptions is, in a process that has one; None before it is there.
Position = Callable[[], Cursor | None]


class Watch:
    """One for each process. What strangers ask of /metrics asks no database."""

    def __init__(self, position: Position | None = None, seconds: float = SECONDS) -> None:
        self._position = position
        self._seconds = seconds

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._look()), asyncio.create_task(_measure_loop())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        # Also while requests have all connections: that is when it matters.
        database.go_first()
        while True:
            await _tell("database", self.look_at_database)
            await _tell("valkey", look_at_queue)
            await asyncio.sleep(self._seconds)

    async def look_at_database(self) -> None:
        metrics.overdue.labels("release").set(await backlogs.overdue_release())
        metrics.overdue.labels("reminder").set(await backlogs.overdue_reminder())
        metrics.worker_heartbeat.set(await heartbeat.seconds_since_newest())
        for to, due in (
            ("webhooks", await backlogs.due_webhooks()),
            ("channels", await backlogs.due_channels()),
        ):
            metrics.deliveries.labels(to).set(due.count)
            metrics.delivery_lateness.labels(to).set(due.seconds)
        metrics.feed_lag.labels("webhooks").set(await backlogs.unread_by_webhooks())
        metrics.feed_lag.labels("channels").set(await backlogs.unread_by_channels())
        if self._position and (read := self._position()):
            metrics.feed_lag.labels("subscriptions").set(await backlogs.unread(read))


async def look_at_queue() -> None:
    found = await depth()
    metrics.queue_jobs.labels("due").set(found.due)
    metrics.queue_jobs.labels("later").set(found.later)


async def _tell(dependency: str, look: Callable[[], Awaitable[None]]) -> None:
    up = metrics.dependency_up.labels(dependency)
    try:
        await look()
    except Exception as fault:
        database.end_if_cancelled()
        up.set(0)
        if isinstance(fault, FAULTS) or database.retry_after(fault) is not None:
            sparing_log.warning(f"{dependency} is away: its metrics stay", fault=repr(fault))
        else:
            log.error("the metrics can't be measured", exc_info=fault)
    else:
        up.set(1)


async def _measure_loop() -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(LOOP_SECONDS)
        metrics.loop_lag.observe(max(0.0, time.perf_counter() - began - LOOP_SECONDS))
        if usage := database.usage():
            metrics.connections.labels("used").set(usage.used)
            metrics.connections.labels("idle").set(usage.idle)
            metrics.most_connections.set(usage.most)
