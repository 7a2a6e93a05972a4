"""The state of this process's database and Valkey connections, and of the workers."""

import asyncio
from typing import Literal, TypedDict

from models.heartbeat import some_worker_beats
from models.queue.queue import queue

SECONDS = 2.0


class Health(TypedDict):
    status: Literal["ready", "degraded", "down"]
    database: bool
    valkey: bool
    worker: bool


async def check() -> Health:
    (reached, worker), valkey = await asyncio.gather(_database(), _valkey())
    status: Literal["ready", "degraded", "down"] = "down"
    if reached:
        status = "ready" if valkey and worker else "degraded"
    return {"status": status, "database": reached, "valkey": valkey, "worker": worker}


async def _database() -> tuple[bool, bool]:
    try:
        async with asyncio.timeout(SECONDS):
            return True, await some_worker_beats()
    except Exception:
        return False, False


async def _valkey() -> bool:
    try:
        async with asyncio.timeout(SECONDS):
            return queue.redis is not None and bool(await queue.redis.ping())
    except Exception:
        return False
