"""Longer and longer waits while a server is away."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from models.refusals import Refusal

LONGEST_WAIT = 5.0
Answer = TypeVar("Answer")

log = structlog.get_logger()


class Backoff:
    """Longer and longer waits while something is away, told in the log once each time it goes."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seconds = 0.0

    def over(self) -> None:
        self._seconds = 0.0

    async def after(self, fault: Exception) -> None:
        if not self._seconds:
            log.warning(self._what, fault=repr(fault))
        self._seconds = min(LONGEST_WAIT, self._seconds * 2 or 0.1)
        await asyncio.sleep(self._seconds)


async def until_available(read: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask until there is an answer: the database may be away for a while."""
    rest = Backoff("the ledger can't be read; subscriptions wait")
    while True:
        try:
            return await read()
        except Refusal:
            raise
        except Exception as fault:
            await rest.after(fault)
