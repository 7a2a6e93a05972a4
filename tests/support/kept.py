"""One connection for the tests that follow one another on one database.

Its backends have read the catalogue and planned the verbs' statements: that takes longer than
many a test. The API and the worker keep their connections for days.
"""

import contextlib

from models import database as databases
from settings import Settings


class Kept:
    def __init__(self) -> None:
        self._open = contextlib.AsyncExitStack()
        self._url: str | None = None

    async def connect(self, settings: Settings) -> None:
        if self._url != settings.database_url:
            await self.close()
            await self._open.enter_async_context(databases.connected(settings))
            self._url = settings.database_url

    async def close(self) -> None:
        """Before a test that connects to a database by itself."""
        self._url = None
        await self._open.aclose()
