"""How many jobs are in the queue."""

import asyncio
from dataclasses import dataclass

from arq.constants import default_queue_name

from models.queue.jobs import clock_ms
from models.queue.queue import queue
from models.queue.valkey import ANSWER_SECONDS


@dataclass(frozen=True, slots=True)
class Depth:
    """How many jobs are due, and how many are due later."""

    due: int
    later: int


async def depth() -> Depth:
    """Raises one of `queue.FAULTS` where Valkey does not answer."""
    if queue.redis is None:
        raise ConnectionError("the queue is closed")
    async with queue.redis.pipeline(transaction=False) as pipe:
        pipe.zcount(default_queue_name, "-inf", clock_ms())
        pipe.zcard(default_queue_name)
        async with asyncio.timeout(ANSWER_SECONDS):
            due, every = await pipe.execute()
    return Depth(due, max(0, every - due))
