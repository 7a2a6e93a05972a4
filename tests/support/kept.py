"""Connections for the tests that follow one another on one database.

Their backends have read the catalogue and planned the verbs' statements: that takes longer than
many a test. The API and the worker keep their connections for days.
"""

import contextlib
from collections.abc import AsyncIterator

import asyncpg

from models import database as databases
from settings import Settings


class Kept:
    def __init__(self) -> None:
        self._open = contextlib.AsyncExitStack()
        self._url: str | None = None
        self._replica: asyncpg.Connection | None = None

    async def connect(self, settings: Settings) -> None:
        """Tortoise, as in `databases.connected`."""
        if self._url != settings.database_url:
            await self.close()
            await self._open.enter_async_context(databases.connected(settings))
            self._url = settings.database_url

    @contextlib.asynccontextmanager
    async def replica(self, settings: Settings) -> AsyncIterator[asyncpg.Connection]:
        """A session whose changes the ledger does not refuse; what fails in it ends it."""
        if self._replica is None or self._replica.is_closed():
            url = settings.database_url or ""
            self._replica = await asyncpg.connect(**databases.credentials(url))
            await self._replica.execute("SET session_replication_role = replica")
        try:
            yield self._replica
        except BaseException:
            self._forget()
            raise

    async def close(self) -> None:
        """Before a test that connects to a database by itself."""
        self._forget()
        self._url = None
        await self._open.aclose()

    def _forget(self) -> None:
        if self._replica is not None:
            self._replica.terminate()
            self._replica = None
