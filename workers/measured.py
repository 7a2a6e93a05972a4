"""Measures an attempt to deliver, by receiver and outcome."""

import time
from collections.abc import Awaitable
from typing import TypeVar

from models.telemetry import metrics
from models.webhooks.settling import Answer

Answered = TypeVar("Answered", bound=Answer)


async def measured(to: str, attempt: Awaitable[Answered]) -> Answered:
    """Return the answer of the attempt. One that raises never reached anybody."""
    began = time.perf_counter()
    answer = await attempt
    outcome = "failed" if answer.problem else "done"
    metrics.delivery_attempts.labels(to, outcome).observe(time.perf_counter() - began)
    return answer
