"""Advisory locks and their numbers."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from tortoise.connection import get_connection

MIGRATION_LOCK = 0x5EA900


@contextlib.asynccontextmanager
async def advisory_lock(key: int) -> AsyncIterator[bool]:
    """Whether this process got the lock. A transaction holds it: that ends by itself, whatever
    becomes of the task or the connection."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection, connection.transaction():
        yield await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", key)
