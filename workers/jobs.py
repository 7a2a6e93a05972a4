"""arq's jobs are alarm clocks: they ask the model once, and ring again when it says.

Their context says whether each serves `of_one` organization alone, its customer's.
"""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, cast
from uuid import UUID

from arq import Retry
from arq.constants import default_queue_name
from arq.typing import WorkerCoroutine

from models.holding.reminders import ring_reminder
from models.ownership.drain import ring_release
from models.queue.jobs import origin_of_task
from models.telemetry import metrics, tracing
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
                with _traced(job.__name__, ctx.get("job_id", "")):
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


def _traced(name: str, job_id: str) -> AbstractContextManager[None]:
    return tracing.linked(
        f"process {name}",
        "CONSUMER",
        [origin_of_task.get()],
        messaging__system="arq",
        messaging__destination__name=default_queue_name,
        messaging__operation__type="process",
        messaging__operation__name="process",
        messaging__message__id=job_id,
    )


@alarm
async def release_customer(ctx: dict[str, Any], customer_id: str, epoch: int) -> float | None:
    return await ring_release(UUID(customer_id), epoch, ctx["job_id"], of_one=ctx["of_one"])


@alarm
async def remind_owner(
    ctx: dict[str, Any], customer_id: str, epoch: int, offset: str
) -> float | None:
    return await ring_reminder(UUID(customer_id), epoch, ctx["job_id"], of_one=ctx["of_one"])
