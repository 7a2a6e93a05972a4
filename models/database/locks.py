"""Advisory locks: one number for each kind of work that runs alone, and turns by name."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from enum import IntEnum, unique
from typing import Any

from tortoise.connection import get_connection

from models.database.session import IDLE_SECONDS
from models.database.statements import rows, rows_however_long

RENEW_SECONDS = IDLE_SECONDS / 5
# Above the numbers of Lock.
PART_BITS = 32


@unique
class Lock(IntEnum):
    """Every number in use. A number keeps its meaning: two releases may run side by side."""

    MIGRATION = 0x5EA900
    SWEEP = 0x5EA901
    REEVALUATION = 0x5EA902
    WEBHOOKS = 0x5EA903
    DEMO = 0x5EA904
    MIGRATION_STEPS = 0x5EA905
    LEDGER_NUMBERS = 0x5EA906
    CHANNELS = 0x5EA90A


@contextlib.asynccontextmanager
async def advisory_lock(lock: Lock, part: int = 0) -> AsyncIterator[bool]:
    """Yield whether this process got the lock, or that of a part of its work.

    A transaction holds it, so it ends with the task or the connection. A process that dies or
    stands still no longer renews it: then it ends after IDLE_SECONDS.
    """
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection, connection.transaction():
        number = part << PART_BITS | lock
        got = await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", number)
        async with _renewed(connection):
            yield got


@contextlib.asynccontextmanager
async def _renewed(connection: Any) -> AsyncIterator[None]:
    """Keep the transaction from being idle for IDLE_SECONDS."""
    done = asyncio.Event()
    renewing = asyncio.create_task(_renew(connection, done))
    try:
        yield
    finally:
        done.set()
        await renewing


async def _renew(connection: Any, done: asyncio.Event) -> None:
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RENEW_SECONDS):
                await done.wait()
        if done.is_set():
            return
        try:
            await connection.execute("SELECT 1")
        except TimeoutError:
            connection.terminate()
            raise


async def wait_for(lock: Lock) -> None:
    """Wait for the lock, up to LONGEST_SECONDS, and keep it until the commit."""
    await rows_however_long("SELECT pg_advisory_xact_lock($1)", lock)


async def alone(connection: Any, lock: Lock) -> None:
    """Wait for the lock on a connection outside the pool, and keep it until its commit."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", lock)


async def take_turn(name: str) -> None:
    """Wait until no other transaction has this turn, and keep it until the commit."""
    await rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)


async def try_turn(name: str) -> bool:
    """Return whether no other transaction has this turn; then keep it until the commit."""
    sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS got"
    return bool((await rows(sql, name))[0]["got"])
