"""Keeps the connections of an asyncpg pool while nobody uses them.

asyncpg's pool needs 100 µs to give a connection and to take it back, as it starts a task for that:
twice as long as a small statement. Here both take one step.

A server that stands still answers nobody who connects. When it goes on, it first serves all the
tries that were given up. So few connections are opened at a time, then one a second: a try on a
line that was down need not hold up the next. Those who wait soon get the fault.
"""

import asyncio
import contextlib
from typing import cast

import asyncpg

from models.database.connections import places
from models.database.connections.semaphore import Semaphore
from models.database.faults import AWAY

MOST_OPENING = 5
# Between two tries, while none can be opened.
TRY_SECONDS = 1.0
# For a free connection, which comes when others have done their work.
ACQUIRE_SECONDS = 8.0
# The same, while none can be opened.
AWAY_SECONDS = 2.0


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """Is used without its proxy of asyncpg's pool, which makes two calls of each."""

    __slots__ = ("proxy",)

    @property
    def itself(self) -> "Connection":
        """The proxy answers this too, as all that asyncpg's own connections do not have."""
        return self


class KeptPool:
    def __init__(self, pool: asyncpg.Pool) -> None:
        """The pool's `connection_class` must be a Connection."""
        self._pool = pool
        self._idle: list[Connection] = []
        # As many as the pool has: who has a place finds an idle connection, or opens another one.
        self._places = places.Places(pool.get_max_size())
        self._place_of: dict[Connection, Semaphore] = {}
        self._waiting = self._first_waiting = 0
        self._opening: set[asyncio.Task[None]] = set()
        self._tried_at = -TRY_SECONDS
        # Set for a moment when a connection has come, or could not be opened.
        self._changed = asyncio.Event()
        # Why the last one could not be opened.
        self._fault: BaseException | None = None
        self._is_closing = False

    @property
    def patience(self) -> float:
        """For how many seconds it is worth waiting for a connection."""
        return AWAY_SECONDS if self._fault else ACQUIRE_SECONDS

    @property
    def usage(self) -> places.Usage:
        return places.Usage(len(self._place_of), len(self._idle), self._pool.get_max_size())

    def take(self, asker: places.Asker | None) -> Connection | None:
        """Return an idle connection, in a place of the asker's.

        None, and no place, where something is to be waited for: see `acquire`.
        """
        usual = self._places.usual
        if not usual.free or len(self._idle) <= self._first_waiting:
            return None
        if self._idle[-1].is_closed() or not (asker is None or asker.enter_at_once()):
            return None
        usual.free -= 1
        connection = self._idle.pop()
        self._place_of[connection] = usual
        return connection

    async def acquire(self) -> Connection:
        """Return a connection that works as far as is known; wait until one is free.

        Raises the fault of a try to open one.
        """
        place = self._places.of_task()
        first = place is not self._places.usual
        await place.acquire()
        try:
            while not (connection := await self._kept(first)):
                await self._next(first)
        except BaseException:
            place.release()
            # What it has left is for others.
            self._tell()
            raise
        self._place_of[connection] = place
        return connection

    async def _kept(self, first: bool) -> Connection | None:
        while len(self._idle) > (0 if first else self._first_waiting):
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            await self._pool.release(connection.proxy)
        return None

    async def _next(self, first: bool) -> None:
        """Wait until a connection was given back or opened."""
        before = self._fault
        self._waiting += 1
        self._first_waiting += first
        try:
            if self._may_open():
                self._tried_at = asyncio.get_running_loop().time()
                self._opening.add(asyncio.create_task(self._open()))
            await self._changed.wait()
        finally:
            self._waiting -= 1
            self._first_waiting -= first
        if self._fault and self._fault is not before:
            raise self._fault.with_traceback(None)

    def _may_open(self) -> bool:
        # As many as wait: so the pool never has more than it may.
        if len(self._opening) >= min(self._waiting, MOST_OPENING):
            return False
        since = asyncio.get_running_loop().time() - self._tried_at
        return not (self._opening and self._fault) or since >= TRY_SECONDS

    async def _open(self) -> None:
        """Goes on where the task that asked for it gives up: the next task gets the connection."""
        try:
            proxy = await self._pool.acquire()
            proxy.itself.proxy = proxy
            self._idle.append(proxy.itself)
            self._fault = None
        except Exception as fault:
            self._fault = fault
        finally:
            self._opening.discard(cast(asyncio.Task[None], asyncio.current_task()))
            self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed.clear()

    async def release(self, connection: Connection) -> None:
        """Take a connection back; the pool mends or forgets one that is not as it was given."""
        try:
            if self._is_closing or connection.is_closed() or connection.is_in_transaction():
                await self._pool.release(connection.proxy)
            else:
                self._idle.append(connection)
                self._fault = None
        finally:
            self._place_of.pop(connection).release()
            if self._waiting:
                self._tell()

    async def expire_connections(self) -> None:
        await self._pool.expire_connections()
        while self._idle:
            await self._pool.release(self._idle.pop().proxy)

    async def close(self) -> None:
        """Close all, when those in use have been given back."""
        self._is_closing = True
        await asyncio.gather(*self._opening)
        while self._idle:
            # The pool resets each; one that the server has just ended is closed all the same.
            with contextlib.suppress(*AWAY):
                await self._pool.release(self._idle.pop().proxy)
        await self._pool.close()

    def terminate(self) -> None:
        self._pool.terminate()
