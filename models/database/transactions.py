"""Transactions: all or nothing, effects after the commit, retries after a lost race."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeVar

import asyncpg
from tortoise.transactions import in_transaction

Answer = TypeVar("Answer")
Effect = Callable[[], Awaitable[None]]
_effects: contextvars.ContextVar[list[Effect] | None] = contextvars.ContextVar(
    "effects", default=None
)


class StaleRead(Exception):
    """A row changed between read and write: restart the transaction."""


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


async def with_retries(act: Callable[[], Awaitable[Answer]], most: int = 20) -> Answer:
    """Run `act`, again after a StaleRead or a deadlock, `most` times in all.

    Inside a transaction it runs once: the code that opened the transaction retries all of it.
    """
    for _ in range(0 if inside_transaction() else most - 1):
        try:
            return await act()
        except (StaleRead, asyncpg.DeadlockDetectedError):
            await asyncio.sleep(0)
    return await act()


def attempts(most: int, what: str) -> Iterator[int]:
    """Count the attempts of one verb from 0; another try reads everything again.

    Inside a transaction the second one raises StaleRead: retrying under held locks can deadlock.
    After the last one it raises RuntimeError, which names `what`.
    """
    for attempt in range(most):
        if attempt:
            restart_transaction()
        yield attempt
    raise RuntimeError(f"{what} changed {most} times under one request")


def restart_transaction() -> None:
    """Call before retrying. Inside a transaction it raises StaleRead."""
    if inside_transaction():
        raise StaleRead
