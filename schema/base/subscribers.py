"""One subscription: events replayed from the ledger, then buffered from the listener."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from functools import partial

from models import database
from models.database.seal import Seal
from models.ledger import feed
from models.ledger.feed import Cursor
from models.tables import Event
from schema.base.backoff import until_available
from schema.base.deadline import Deadline
from schema.base.errors import SlowReader

MOST_WAITING = 1000
AT_ONCE = 100
SLOW_SECONDS = 5.0
# Reads the ledger behind the first cursor and up to the second, AT_ONCE events at most.
Replay = Callable[[Cursor, Cursor], Awaitable[list[Event]]]


class Subscriber:
    """The buffer of one subscription: at most MOST_WAITING events, in order."""

    __slots__ = ("_arrived", "_behind", "_cluster", "_events", "_moved_at", "_waits", "cursor")

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._behind = False
        # For its next event, and was told all before.
        self._waits = False
        self._moved_at = 0.0
        self._cluster = database.cluster()
        # The last event that the client was told, or that came before its subscription.
        self.cursor = feed.START

    def is_idle(self, cluster: str) -> bool:
        """Whether the client was sent all that came: its next event may be sent at once.

        `cluster` is the present database; a subscriber that began with another one has to resync.
        """
        return self._waits and self._cluster == cluster

    def put(self, event: Event) -> None:
        """Buffer the event, or note the overflow."""
        if not self._events:
            self._moved_at = time.monotonic()
        if len(self._events) < MOST_WAITING and not self._behind:
            self._events.append(event)
        else:
            self._behind = True
        self._waits = False
        self._arrived.set()

    def fall_behind(self) -> None:
        """Note that events were not buffered."""
        if not self._events:
            self._moved_at = time.monotonic()
        self._behind = True
        self._waits = False
        self._arrived.set()

    async def batches(self) -> AsyncIterator[list[Event]]:
        """Yield buffered events. Stops when the buffer overflowed: re-read the ledger."""
        while True:
            self._waits = True
            await self._arrived.wait()
            self._waits = False
            self.check_database()
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

    def wake(self) -> None:
        """Let `batches` look whether the database is another."""
        self._arrived.set()

    def check_database(self) -> None:
        """Call before a cursor leaves. Raises Resync if it is one of another database."""
        if self._cluster != database.cluster():
            raise feed.Resync

    def catch_up(self) -> None:
        """Drop buffered events; the caller replays them from the ledger."""
        self.check_database()
        self._events.clear()
        self._behind = False
        self._moved_at = time.monotonic()
        self._arrived.clear()


async def follow(
    position: Callable[[], Awaitable[Cursor]],
    subscriber: Subscriber,
    replay: Replay,
    after: str | None,
    seal: Seal,
) -> AsyncGenerator[list[Event], None]:
    """Batches of events: from the ledger up to the listener's position, then from the listener.

    A subscriber whose buffer overflowed is replayed from the ledger again.
    """
    with Deadline().running():
        given = await position() if after is None else await feed.parse_cursor(after, seal)
        await position()
    subscriber.cursor = given
    while True:
        upto = await position()
        subscriber.catch_up()
        while (cursor := subscriber.cursor) < upto:
            missed = await until_available(partial(replay, cursor, upto))
            if missed:
                yield missed
                subscriber.moves()
            subscriber.cursor = feed.cursor_of(missed[-1]) if len(missed) == AT_ONCE else upto
        async for batch in subscriber.batches():
            yield [event for event in batch if feed.cursor_of(event) > subscriber.cursor]
            subscriber.cursor = max(subscriber.cursor, feed.cursor_of(batch[-1]))
