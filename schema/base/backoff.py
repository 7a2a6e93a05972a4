"""Growing waits while a server is unavailable."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from models import database
from models.refusals import Refusal

# A reader that waits is late by as much when the server is back.
LONGEST_WAIT = 0.5
Answer = TypeVar("Answer")

log = structlog.get_logger()


class Backoff:
    """Growing waits. The first fault after a success is logged with `what`."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seconds = 0.0

    def reset(self) -> None:
        self._seconds = 0.0

    async def wait(self, fault: Exception) -> None:
        """Sleep 0.1 s after the first fault, then twice as long each time up to LONGEST_WAIT."""
        database.end_if_cancelled()
        if not self._seconds:
            log.warning(self._what, fault=repr(fault))
        self._seconds = min(LONGEST_WAIT, self._seconds * 2 or 0.1)
        await asyncio.sleep(self._seconds)


async def outlasting(read: Callable[[], Awaitable[Answer]]) -> Answer:
    """Call `read` until the database is there to answer; other faults are raised."""
    backoff = Backoff("the database can't be read; a subscription waits")
    while True:
        try:
            return await read()
        except Exception as fault:
            if database.retry_after(fault) is None:
                raise
            await backoff.wait(fault)


async def until_available(read: Callable[[], Awaitable[Answer]]) -> Answer:
    """Call `read` until it succeeds. A Refusal is an answer and is raised."""
    backoff = Backoff("the ledger can't be read; subscriptions wait")
    while True:
        try:
            return await read()
        except Refusal:
            raise
        except Exception as fault:
            await backoff.wait(fault)
