"""Tortoise's asyncpg backend with three faults of Tortoise 1.1.9 mended.

1. A task cancelled between acquiring a connection and the end of BEGIN never released the
   connection: random cancellation emptied a pool of 20 within a minute.
2. A task cancelled while its transaction ended, which goes on (`asyncio.timeout`), used a
   connection that it had released.
3. Waiting for a free connection had no limit, so an overload showed as silence.
"""

from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    PoolConnectionWrapper,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

ACQUIRE_SECONDS = 10.0


class BoundedConnection(PoolConnectionWrapper[Any]):
    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        self.connection = await self.client._pool.acquire(timeout=ACQUIRE_SECONDS)
        return self.connection


class SafeTransaction(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool = self.client._parent._pool
        connection = await pool.acquire(timeout=ACQUIRE_SECONDS)
        self.client._connection = connection
        try:
            await self.client.begin()
        except BaseException:
            await pool.release(connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, *raised: Any) -> None:
        connections, token = get_connections(), self.token
        self.token = None  # type: ignore[assignment]
        try:
            await super().__aexit__(*raised)
        finally:
            connections.reset(token)


class Client(AsyncpgDBClient):
    def acquire_connection(self) -> BoundedConnection:
        return BoundedConnection(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContext:
        return SafeTransaction(TransactionWrapper(self), self._pool_init_lock)


client_class = Client
