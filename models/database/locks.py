"""Advisory locks: one number for each kind of work that runs alone, and turns by name."""

import contextlib
from collections.abc import AsyncIterator
from enum import IntEnum, unique
from typing import Any

from tortoise.connection import get_connection

from models.database.statements import rows


@unique
class Lock(IntEnum):
    """Every number in use. A number keeps its meaning: two releases may run side by side."""

    MIGRATION = 0x5EA900
    SWEEP = 0x5EA901
    REEVALUATION = 0x5EA902
    WEBHOOKS = 0x5EA903
    DEMO = 0x5EA904
    MIGRATION_STEPS = 0x5EA905


@contextlib.asynccontextmanager
async def advisory_lock(lock: Lock) -> AsyncIterator[bool]:
    """Yield whether this process got the lock.

    A transaction holds it, so it ends with the task or the connection.
    """
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection, connection.transaction():
        yield await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", lock)


async def wait_for(lock: Lock) -> None:
    """Wait for the lock, and keep it until the commit."""
    await rows("SELECT pg_advisory_xact_lock($1)", lock)


async def take_turn(name: str) -> None:
    """Wait until no other transaction has this turn, and keep it until the commit."""
    await rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)
