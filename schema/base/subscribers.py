"""Events buffered in memory for one subscription."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

from models.tables import Event
from schema.base.errors import SlowReader

MOST_WAITING = 1000
AT_ONCE = 100
SLOW_SECONDS = 5.0


class Subscriber:
    """The buffer of one subscription: at most MOST_WAITING events, in order."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._behind = False
        self._moved_at = 0.0

    def put(self, event: Event) -> None:
        """Buffer the event, or note the overflow."""
        if not self._events:
            self._moved_at = time.monotonic()
        if len(self._events) < MOST_WAITING and not self._behind:
            self._events.append(event)
        else:
            self._behind = True
        self._arrived.set()

    async def batches(self) -> AsyncIterator[list[Event]]:
        """Yield buffered events. Stops when the buffer overflowed: re-read the ledger."""
        while True:
            await self._arrived.wait()
            if self._behind and not self._events:
                return
            self.moves()
            count = min(AT_ONCE, len(self._events))
            yield [self._events.popleft() for _ in range(count)]
            if not self._events and not self._behind:
                self._arrived.clear()

    def moves(self) -> None:
        """Call when the client takes more. Raises SlowReader after SLOW_SECONDS without."""
        now = time.monotonic()
        if self._behind and now - self._moved_at > SLOW_SECONDS:
            raise SlowReader
        self._moved_at = now

    def catch_up(self) -> None:
        """Drop buffered events; the caller replays them from the ledger."""
        self._events.clear()
        self._behind = False
        self._moved_at = time.monotonic()
        self._arrived.clear()


@contextlib.contextmanager
def registered(subscribers: dict[UUID, set[Subscriber]], id: UUID) -> Iterator[Subscriber]:
    """A new subscriber, which gets the events of `id` while this is entered."""
    subscriber = Subscriber()
    subscribers[id].add(subscriber)
    try:
        yield subscriber
    finally:
        subscribers[id].discard(subscriber)
        if not subscribers[id]:
            del subscribers[id]
