"""Measures an attempt to deliver, by receiver and outcome."""

import time
from collections.abc import Awaitable, Iterable

from models.telemetry import metrics, tracing
from models.webhooks.answers import Answer


async def measured(
    to: str, attempt: Awaitable[Answer], origins: Iterable[str | None] = ()
) -> Answer:
    """Return the answer of the attempt. One that raises never reached anybody.

    `origins` are the spans of whose events it tells.
    """
    began = time.perf_counter()
    with tracing.linked(f"deliver to {to}", "CLIENT", origins, seapool__to=to):
        answer = await attempt
        if answer.problem:
            tracing.failed(str(answer.status or "no answer"))
    outcome = "failed" if answer.problem else "done"
    metrics.delivery_attempts.labels(to, outcome).observe(time.perf_counter() - began)
    return answer
