"""Transactions: all or nothing, effects after the commit, retries after a lost race."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import asyncpg
from tortoise.transactions import in_transaction

Answer = TypeVar("Answer")
Effect = Callable[[], Awaitable[None]]
_effects: contextvars.ContextVar[list[Effect] | None] = contextvars.ContextVar(
    "effects", default=None
)


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """All or nothing; what `after_commit` was given runs once it is committed."""
    if _effects.get() is not None:
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


class StaleRead(Exception):
    """What a transaction read has changed before it could write: it is to be begun anew."""


def restart_transaction() -> None:
    """Before a second attempt: whoever holds locks from the first would take them out of order.

    Raises Lost inside a transaction; outside of one nothing is held.
    """
    if inside_transaction():
        raise StaleRead


async def with_retries(act: Callable[[], Awaitable[Answer]], attempts: int = 20) -> Answer:
    """A transaction's answer, begun anew where it lost a race or was chosen to end a deadlock."""
    for _ in range(attempts - 1):
        try:
            return await act()
        except (StaleRead, asyncpg.DeadlockDetectedError):
            await asyncio.sleep(0)
    return await act()


async def after_commit(effect: Effect) -> None:
    """Run it when the open transaction is committed, at once if there is none."""
    effects = _effects.get()
    if effects is None:
        await effect()
    else:
        effects.append(effect)
