"""The deadline of a request: all that it waits for adds up, and has one end.

A query whose client has left ends then.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from models import database

# Clients are promised an answer within ten seconds, except by what is named below.
SECONDS = 9.0
# Reports, previews and advice read the whole history of a pool.
READ_SECONDS = database.LONG_READ_SECONDS + SECONDS
# Mutations that may change thousands of customers.
BULK_SECONDS = 30.0
# One import of an organization after another.
IMPORT_SECONDS = database.LONGEST_SECONDS + SECONDS


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class Deadline:
    """So many seconds the server may work at one request; what its client sends is not counted."""

    def __init__(self) -> None:
        self._left = SECONDS
        self._limit: asyncio.Timeout | None = None
        # A mutation is done to its end, whether its client waits for the answer or not.
        self.ends_with_client = False
        self._has_client = True

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work while entered. At the deadline it cancels that, and raises Unavailable.

        Raises ClientLeft where the client has left before. A commit under way may still be done:
        a repeated idempotency key gets its answer.
        """
        ends_at = time.monotonic() + self._left
        self._limit = limit = asyncio.timeout(self._left)
        try:
            async with limit:
                yield
        except TimeoutError as fault:
            if not limit.expired():
                raise
            if not self._has_client:
                raise ClientLeft from fault
            raise database.Unavailable("the request took too long and was ended") from fault
        finally:
            self._left, self._limit = ends_at - time.monotonic(), None

    def extend_to(self, seconds: float) -> None:
        """What runs may take so long from now on, if that is later than the deadline."""
        if self._limit is None or (ends_at := self._limit.when()) is None:
            return
        later = asyncio.get_running_loop().time() + seconds
        if later > ends_at:
            self._limit.reschedule(later)

    def client_left(self) -> None:
        if self.ends_with_client and self._limit and not self._limit.expired():
            self._has_client = False
            self._limit.reschedule(asyncio.get_running_loop().time())
