"""Keeps the connections of an asyncpg pool while nobody uses them.

asyncpg's pool needs 100 µs to give a connection and to take it back, as it starts a task for that:
twice as long as a small statement. Here both take one step.
"""

import asyncio
from typing import Any

import asyncpg


class KeptPool:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._idle: list[Any] = []
        # As many as the pool has: who has a place finds an idle connection, or opens another one.
        self._places = asyncio.Semaphore(pool.get_max_size())
        self._is_closing = False

    @property
    def is_free(self) -> bool:
        """Whether `acquire` need not wait."""
        return bool(self._idle) and not self._places.locked()

    async def acquire(self) -> Any:
        """Return a connection that works as far as is known; wait until one is free."""
        await self._places.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not _is_lost(connection):
                    return connection
                await self._pool.release(connection)
            return await self._pool.acquire()
        except BaseException:
            self._places.release()
            raise

    async def release(self, connection: Any) -> None:
        """Take a connection back; the pool mends or forgets one that is not as it was given."""
        try:
            if self._is_closing or _is_lost(connection) or connection.is_in_transaction():
                await self._pool.release(connection)
            else:
                self._idle.append(connection)
        finally:
            self._places.release()

    async def expire_connections(self) -> None:
        await self._pool.expire_connections()
        while self._idle:
            await self._pool.release(self._idle.pop())

    async def close(self) -> None:
        """Close all, when those in use have been given back."""
        self._is_closing = True
        while self._idle:
            await self._pool.release(self._idle.pop())
        await self._pool.close()

    def terminate(self) -> None:
        self._pool.terminate()


def _is_lost(connection: Any) -> bool:
    """Whether it is closed; the pool may have taken it back already for that."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True
