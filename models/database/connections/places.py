"""How many connections an operation and an organization may use at once, in one process.

What runs for nobody in particular, as a worker does, has no such limit.
"""

import asyncio
import contextlib
import contextvars
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

OF_AN_OPERATION = 4
# An organization's part of the pool of connections: one in so many.
PART = 2
# One in so many is kept for those who go first.
KEPT_PART = 10

_organizations: WeakValueDictionary[tuple[UUID, int], asyncio.Semaphore] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Usage:
    """How many connections of this process are used, and idle, and how many there may be."""

    used: int
    idle: int
    most: int


@dataclass(frozen=True, slots=True)
class Asker:
    """The connections of one operation, and those of its organization."""

    operation: asyncio.Semaphore
    organization: asyncio.Semaphore

    @property
    def is_free(self) -> bool:
        return not (self.operation.locked() or self.organization.locked())

    async def enter(self) -> None:
        await self.operation.acquire()
        try:
            await self.organization.acquire()
        except BaseException:
            self.operation.release()
            raise

    def leave(self) -> None:
        self.organization.release()
        self.operation.release()


_asker: contextvars.ContextVar[Asker | None] = contextvars.ContextVar("asker", default=None)
_goes_first: contextvars.ContextVar[bool] = contextvars.ContextVar("goes_first", default=False)


@contextlib.contextmanager
def asking(organization_id: UUID, pool_size: int) -> Iterator[None]:
    """Statements of this task, and of those that it starts, use the organization's connections."""
    key = (organization_id, pool_size)
    organization = _organizations.get(key)
    if organization is None:
        organization = _organizations[key] = asyncio.Semaphore(max(1, pool_size // PART))
    token = _asker.set(Asker(asyncio.Semaphore(OF_AN_OPERATION), organization))
    try:
        yield
    finally:
        _asker.reset(token)


def ask_for_all() -> None:
    """The present task serves several organizations from now on, and not the one that began it."""
    _asker.set(None)


def go_first() -> None:
    """The present task, and those that it starts, get a connection that is kept for them.

    For subscriptions: each event needs few statements, one after another.
    """
    _goes_first.set(True)


def is_free() -> bool:
    """Whether `enter` need not wait."""
    asker = _asker.get()
    return asker is None or asker.is_free


async def enter() -> Asker | None:
    """Wait until this operation and its organization may use another connection: see `leave`."""
    asker = _asker.get()
    if asker:
        await asker.enter()
    return asker


def leave(asker: Asker | None) -> None:
    if asker:
        asker.leave()


class Places:
    """The places of a pool, some of them kept for those who go first."""

    def __init__(self, size: int) -> None:
        kept = size // KEPT_PART
        self.usual = asyncio.Semaphore(size - kept)
        self.kept = asyncio.Semaphore(kept) if kept else self.usual

    def of_asker(self) -> asyncio.Semaphore:
        """Return where the present task gets a place."""
        return self.kept if self.usual.locked() and _goes_first.get() else self.usual
