"""Transactions: all or nothing, effects after the commit, retries after a lost race."""

import asyncio
import contextlib
import contextvars
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import asyncpg
from tortoise.transactions import in_transaction

from models.database.faults import Unavailable

PATIENCE_SECONDS = 3.0
# Under load a few attempts may take longer.
FEWEST_ATTEMPTS = 10
FIRST_WAIT, LONGEST_WAIT = 0.005, 0.25

Answer = TypeVar("Answer")
Effect = Callable[[], Awaitable[None]]
_effects: contextvars.ContextVar[list[Effect] | None] = contextvars.ContextVar(
    "effects", default=None
)


class StaleRead(Exception):
    """A row changed between read and write: restart the transaction."""


class Patience:
    """Growing waits between the attempts of one request, for PATIENCE_SECONDS or longer.

    At least FEWEST_ATTEMPTS races may be lost, but no longer wait for one lock is worth it.
    Nothing is locked and no connection is used while it waits.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._ends_at = time.monotonic() + PATIENCE_SECONDS
        self._seconds = 0.0
        self._attempts = 0

    async def wait(self, fault: BaseException | None = None) -> None:
        """Sleep before the next attempt, at first not at all; at the end it raises Unavailable."""
        self._attempts += 1
        enough = self._attempts >= FEWEST_ATTEMPTS
        locked = isinstance(fault, asyncpg.LockNotAvailableError)
        if time.monotonic() >= self._ends_at and (enough or locked):
            raise Unavailable(f"{self._what} was in use for {PATIENCE_SECONDS:g} s") from fault
        await asyncio.sleep(self._seconds)
        self._seconds = min(LONGEST_WAIT, self._seconds * 2 or FIRST_WAIT)


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Commit all or nothing; the effects of `after_commit` run after the commit.

    Inside an open transaction it joins that one.
    """
    if inside_transaction():
        yield
        return
    effects: list[Effect] = []
    token = _effects.set(effects)
    try:
        async with in_transaction("default"):
            yield
    finally:
        _effects.reset(token)
    for effect in effects:
        await effect()


def inside_transaction() -> bool:
    return _effects.get() is not None


async def after_commit(effect: Effect) -> None:
    """Run `effect` after the open transaction's commit, or now if none is open."""
    effects = _effects.get()
    if effects is None:
        await effect()
    else:
        effects.append(effect)


async def with_retries(act: Callable[[], Awaitable[Answer]]) -> Answer:
    """Run `act`, again after a StaleRead, a deadlock or a wait for a lock that was too long.

    Raises Unavailable at the end of its patience. Inside a transaction it runs once: the code that
    opened the transaction retries all of it.
    """
    if inside_transaction():
        return await act()
    patience = Patience("a row")
    while True:
        try:
            return await act()
        except (
            StaleRead,
            asyncpg.DeadlockDetectedError,
            asyncpg.LockNotAvailableError,
        ) as fault:
            await patience.wait(fault)


class Attempts(AsyncIterator[int]):
    """No generator: a verb that succeeds leaves it, and a task would have to close it then."""

    def __init__(self, what: str) -> None:
        self._patience = Patience(what)
        self._next = 0

    async def __anext__(self) -> int:
        attempt, self._next = self._next, self._next + 1
        if attempt:
            restart_transaction()
            await self._patience.wait()
        return attempt


def attempts(what: str) -> AsyncIterator[int]:
    """Count the attempts of one verb from 0; another try reads everything again.

    Inside a transaction the second one raises StaleRead: retrying under held locks can deadlock.
    At the end of its patience it raises Unavailable, which names `what`.
    """
    return Attempts(what)


def restart_transaction() -> None:
    """Call before retrying. Inside a transaction it raises StaleRead."""
    if inside_transaction():
        raise StaleRead
