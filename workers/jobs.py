"""arq's jobs are alarm clocks: they ask the model once, and ring again when it says."""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import UUID

from arq import Retry
from arq.typing import WorkerCoroutine

from models.holding.reminders import ring_reminder
from models.ownership.drain import ring_release
from models.telemetry import metrics
from workers.outliving import outlive

# Below the time after which arq would end the job, and forget it.
SECONDS = 25.0
RETRY_SECONDS = 0.5
Job = Callable[..., Awaitable[float | None]]


def alarm(ring: Job) -> WorkerCoroutine:
    """Make a job of what returns after how many seconds to ring again, or None.

    Where PostgreSQL is busy or away it rings again soon.
    """

    @functools.wraps(ring)
    async def job(ctx: dict[str, Any], *arguments: Any) -> None:
        began, outcome = time.perf_counter(), "failed"
        try:
            async with asyncio.timeout(SECONDS):
                seconds = await ring(ctx, *arguments)
            outcome = "done" if seconds is None else "again"
        except Exception as fault:
            if not outlive("an alarm could not ring and rings again", fault):
                raise
            seconds = RETRY_SECONDS
        finally:
            metrics.jobs.labels(job.__name__, outcome).observe(time.perf_counter() - began)
        if seconds is not None:
            raise Retry(defer=seconds)

    return cast(WorkerCoroutine, job)


@alarm
async def release_customer(ctx: dict[str, Any], customer_id: str, epoch: int) -> float | None:
    return await ring_release(UUID(customer_id), epoch, ctx["job_id"])


@alarm
async def remind_owner(
    ctx: dict[str, Any], customer_id: str, epoch: int, offset: str
) -> float | None:
    return await ring_reminder(UUID(customer_id), epoch, ctx["job_id"])
