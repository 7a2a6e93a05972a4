"""Work whose connection dies while it is told to end, as when a machine goes down."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from models import database

TERMINATE = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = $1::bigint
"""


class Dying:
    """Work that waits for its end on a connection that has died."""

    def __init__(self) -> None:
        self.has_died = asyncio.Event()

    async def __call__(self, *_: Any) -> Any:
        async with database.advisory_lock(database.Lock.SWEEP):
            await database.rows(TERMINATE, database.Lock.SWEEP)
            self.has_died.set()
            await asyncio.Event().wait()


async def ends(run: Callable[[], Awaitable[Any]], dying: Dying) -> bool:
    """Whether `run`, which does the dying work, ends when it is told to."""

    async def running() -> None:
        await run()

    task = asyncio.create_task(running())
    async with asyncio.timeout(10):
        await dying.has_died.wait()
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=5)
    return bool(done) and task.cancelled()
