"""Many reads of one moment, of any size."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from tortoise.connection import get_connection

from models.database.session import UNBOUNDED

# A large sort before the first row may take longer than a verb's statement may.
SECONDS = 3600.0


class Snapshot:
    """Statements on one connection, all of which see the database as of the first one."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._connection.fetch(sql, *values, timeout=SECONDS)]

    async def stream(self, sql: str, *values: Any, size: int) -> AsyncGenerator[dict[str, Any]]:
        """One row after another; `size` rows are in memory at a time. Several may be open."""
        cursor = await self._connection.cursor(sql, *values, timeout=SECONDS)
        while found := await cursor.fetch(size, timeout=SECONDS):
            for row in found:
                yield dict(row)


@contextlib.asynccontextmanager
async def snapshot() -> AsyncIterator[Snapshot]:
    """Read one snapshot in a read-only transaction; it takes no lock that a writer waits for.

    While it is open, vacuum keeps every row version that it can still see, and the feed is not
    affected: a read-only transaction has no transaction id.
    """
    client: Any = get_connection("default")
    async with (
        client.acquire_connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        await connection.execute(UNBOUNDED)
        yield Snapshot(connection)
