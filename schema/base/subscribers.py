"""Events that wait in memory for one subscription."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

from models.tables import Event
from schema.base.errors import SlowReader

MOST_WAITING = 1000
AT_ONCE = 100
SLOW_SECONDS = 5.0


class Subscriber:
    """Events that wait for one subscription, in order and not too many."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._behind = False
        self._moved_at = 0.0

    def put(self, event: Event) -> None:
        if not self._events:
            self._moved_at = time.monotonic()
        if len(self._events) < MOST_WAITING and not self._behind:
            self._events.append(event)
        else:
            self._behind = True
        self._arrived.set()

    async def batches(self) -> AsyncIterator[list[Event]]:
        """Ends where more came at once than may wait: the ledger has the rest."""
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
        """Its reader takes more; raises SlowReader where that took too long."""
        now = time.monotonic()
        if self._behind and now - self._moved_at > SLOW_SECONDS:
            raise SlowReader
        self._moved_at = now

    def catch_up(self) -> None:
        """Forget what was handed out by now, and miss nothing that comes after it."""
        self._events.clear()
        self._behind = False
        self._moved_at = time.monotonic()
        self._arrived.clear()


@contextlib.contextmanager
def registered(subscribers: dict[UUID, set[Subscriber]], id: UUID) -> Iterator[Any]:
    subscriber = Subscriber()
    subscribers[id].add(subscriber)
    try:
        yield subscriber
    finally:
        subscribers[id].discard(subscriber)
        if not subscribers[id]:
            del subscribers[id]
