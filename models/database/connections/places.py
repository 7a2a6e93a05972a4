"""How many connections an operation and an organization may use at once, in one process.

What runs for nobody in particular, as a worker does, has no such limit.
"""

import contextvars
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from uuid import UUID
from weakref import WeakValueDictionary

from models.database.connections.semaphore import Semaphore

OF_AN_OPERATION = 4
# An organization's part of the pool of connections: one in so many.
PART = 2
# One in so many is kept for those who go first.
KEPT_PART = 10
# So many organizations keep their places while nobody uses them: most ask again soon.
REMEMBERED = 256

# Those that somebody uses.
_organizations: WeakValueDictionary[tuple[UUID, int], Semaphore] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Usage:
    """How many connections of this process are used, and idle, and how many there may be."""

    used: int
    idle: int
    most: int


@dataclass(slots=True)
class Asker:
    """The connections of one operation, and those of its organization."""

    operation: Semaphore
    organization: Semaphore

    def enter_at_once(self) -> bool:
        """Whether it got a place for another connection without waiting: see `leave`."""
        if not (self.operation.free and self.organization.free):
            return False
        self.operation.free -= 1
        self.organization.free -= 1
        return True

    async def enter(self) -> None:
        """Wait until the operation and its organization may use another connection."""
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


class Asking:
    """See `asking`."""

    __slots__ = ("_asker", "_before")

    def __init__(self, organization: Semaphore) -> None:
        self._asker = Asker(Semaphore(OF_AN_OPERATION), organization)

    def __enter__(self) -> None:
        self._before = _asker.set(self._asker)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _asker.reset(self._before)


def asking(organization_id: UUID, pool_size: int) -> Asking:
    """While entered, statements of this task use the organization's connections.

    So do those of the tasks that it starts.
    """
    return Asking(_of_organization(organization_id, pool_size))


@lru_cache(REMEMBERED)
def _of_organization(organization_id: UUID, pool_size: int) -> Semaphore:
    key = (organization_id, pool_size)
    organization = _organizations.get(key)
    if organization is None:
        organization = _organizations[key] = Semaphore(max(1, pool_size // PART))
    return organization


def ask_for_all() -> None:
    """The present task serves several organizations from now on, and not the one that began it."""
    _asker.set(None)


def go_first() -> None:
    """The present task, and those that it starts, get a connection that is kept for them.

    For subscriptions: each event needs few statements, one after another.
    """
    _goes_first.set(True)


def asker() -> Asker | None:
    """Return whose place a connection of the present task takes."""
    return _asker.get()


class Places:
    """The places of a pool, some of them kept for those who go first."""

    def __init__(self, size: int) -> None:
        kept = size // KEPT_PART
        self.usual = Semaphore(size - kept)
        self.kept = Semaphore(kept) if kept else self.usual

    def of_task(self) -> Semaphore:
        """Return where the present task gets a place."""
        return self.kept if not self.usual.free and _goes_first.get() else self.usual
