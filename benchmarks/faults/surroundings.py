"""What processes need and share: network, Valkey's content, disk, clocks, connections, locks."""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import redis.asyncio

from benchmarks.faults.world import World
from models import database
from models.holding.alarms import arm_soon
from models.holding.reminders import remind_due
from models.ownership.drain import release_due

AWAY_SECONDS = 8
SLOW_SECONDS = 5
# Each way.
DELAY_SECONDS = 0.25
LOST_ANSWERS = 10
HOUR = 3_600
MEGABYTE = bytes(2**20)
# Each one asks for another file of the write-ahead log.
LOG_FILES = 5
Fault = Callable[[World], Awaitable[float]]


async def valkey_emptied(world: World) -> float:
    async with redis.asyncio.Redis.from_url(world.settings.redis_url or "") as valkey:
        await valkey.flushall()
    return time.time()


def valkey_away(seconds: float) -> Fault:
    async def away(world: World) -> float:
        world.engines.valkey.kill()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(world.engines.valkey.start)
        return time.time()

    return away


async def connections_cut(world: World) -> float:
    for _ in range(5):
        world.line.cut()
        await asyncio.sleep(random.uniform(0.1, 0.9))
    return time.time()


async def connections_half_open(world: World) -> float:
    world.line.stall()
    await asyncio.sleep(AWAY_SECONDS)
    world.line.resume()
    return time.time()


async def connections_slow(world: World) -> float:
    world.line.delay = DELAY_SECONDS
    await asyncio.sleep(SLOW_SECONDS)
    world.line.delay = 0
    return time.time()


async def answers_lost(world: World) -> float:
    world.line.lost_answers = LOST_ANSWERS
    while world.line.lost_answers:
        await asyncio.sleep(0.05)
    return time.time()


async def connections_used_up(world: World) -> float:
    """PostgreSQL lets nobody in, and those who were in are cut off."""
    address = database.credentials(world.settings.database_url or "")
    async with contextlib.AsyncExitStack() as taken:
        with contextlib.suppress(asyncpg.TooManyConnectionsError):
            while True:
                taken.push_async_callback((await asyncpg.connect(**address)).close)
        world.line.cut()
        await asyncio.sleep(AWAY_SECONDS)
    return time.time()


async def table_locked(world: World) -> float:
    """Each statement that waits for it keeps a connection of its pool."""
    address = database.credentials(world.settings.database_url or "")
    connection = await asyncpg.connect(**address)
    # Its end unlocks the table.
    await connection.execute("BEGIN; LOCK TABLE seat")
    await asyncio.sleep(AWAY_SECONDS)
    await connection.close()
    return time.time()


async def two_sweepers(_: World) -> float:
    """Two that sweep without asking for the lock, beside the worker that has it."""
    until = time.time() + AWAY_SECONDS

    async def sweep() -> None:
        while time.time() < until:
            await remind_due()
            await release_due()
            await arm_soon(AWAY_SECONDS)

    await asyncio.gather(sweep(), sweep())
    return time.time()


async def disk_full(world: World) -> float:
    """First the tables lack a page, then the write-ahead log lacks a file too."""
    filler = world.disk / "filler"
    await asyncio.to_thread(_fill, filler)
    await asyncio.sleep(AWAY_SECONDS / 2)
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        for _ in range(LOG_FILES):
            await database.rows("SELECT pg_switch_wal()")
            await database.rows("CREATE TABLE IF NOT EXISTS full_disk AS SELECT 1")
            await database.rows("DROP TABLE full_disk")
    await asyncio.sleep(AWAY_SECONDS / 2)
    filler.unlink()
    if not world.engines.postgres.alive:
        await asyncio.to_thread(world.engines.postgres.start)
    return time.time()


async def clocks_of_processes_wrong(world: World) -> float:
    """An hour forward, then an hour back."""
    for seconds in (HOUR, -HOUR, 0):
        await world.clocks.set_processes(seconds)
        await asyncio.sleep(AWAY_SECONDS if seconds else 0)
    return time.time()


async def clock_of_database_back(world: World) -> float:
    await world.clocks.set_database(-HOUR)
    await asyncio.sleep(AWAY_SECONDS)
    await world.clocks.set_database(0)
    return time.time()


async def clock_of_database_forward(world: World) -> float:
    """For good: who claimed then is released an hour later."""
    await world.clocks.set_database(HOUR)
    return time.time()


def _fill(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as filler:
        while filler.write(MEGABYTE):
            pass
