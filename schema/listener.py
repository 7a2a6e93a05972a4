"""The ledger as it grows, read once by each process and handed to subscribers in memory."""

import asyncio
import contextlib
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

import structlog

from models import alerts, feed
from models.feed import Cursor
from models.queue import DOORBELL
from models.refusals import Refusal
from models.tables import Event
from models.valkey import client
from schema.errors import SlowReader
from settings import Settings

BATCH = 1000
MOST_WAITING = 1000
AT_ONCE = 100
POLL_SECONDS = 1.0
SLOW_SECONDS = 5.0
# After a ring its event may still wait for an older transaction to end.
SOON_SECONDS = (0.02, 0.1, 0.3)
LONGEST_REST = 5.0
Answer = TypeVar("Answer")

log = structlog.get_logger()


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


class Listener:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._position: Cursor | None = None
        self._unsure = False
        self._rung = asyncio.Event()
        self._ready = asyncio.Event()
        self._by_member: dict[UUID, set[Subscriber]] = defaultdict(set)
        self._by_pool: dict[UUID, set[Subscriber]] = defaultdict(set)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._hear())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def position(self) -> Cursor:
        """All up to here was handed out; a subscriber registered by now gets what follows."""
        await self._ready.wait()
        assert self._position is not None
        return self._position

    def of_member(self, id: UUID) -> contextlib.AbstractContextManager[Subscriber]:
        return _registered(self._by_member, id)

    def of_pool(self, id: UUID) -> contextlib.AbstractContextManager[Subscriber]:
        return _registered(self._by_pool, id)

    async def _read(self) -> None:
        self._position = await patiently(feed.head)
        self._ready.set()
        waits: Iterator[float] = iter(())
        while True:
            if await self._rang_within(next(waits, POLL_SECONDS)):
                waits = iter(SOON_SECONDS)
            await patiently(self._hand_out)

    async def _rang_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    async def _hand_out(self) -> None:
        assert self._position is not None
        if self._unsure:
            # A server that came back may have lost its last moments.
            self._position = min(self._position, await feed.head())
        self._unsure = True
        while events := await feed.after(self._position, BATCH):
            for event in events:
                self._dispatch(event)
                self._position = feed.place(event)
        self._unsure = False

    def _dispatch(self, event: Event) -> None:
        for member_id in alerts.concerned(event):
            for subscriber in self._by_member.get(member_id, ()):
                subscriber.put(event)
        if event.pool_id:
            for subscriber in self._by_pool.get(event.pool_id, ()):
                subscriber.put(event)

    async def _hear(self) -> None:
        """The doorbell; while it is out of order, the poll stands in for it."""
        rest = Rest("the doorbell is out of order; alerts wait for the poll")
        while True:
            try:
                async with client(self.settings) as redis, redis.pubsub() as bell:
                    await bell.subscribe(DOORBELL)
                    rest.over()
                    while True:
                        if await bell.get_message(timeout=POLL_SECONDS):
                            self._rung.set()
            except Exception as fault:
                await rest.after(fault)


class Rest:
    """Longer and longer waits while something is away, told in the log once each time it goes."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seconds = 0.0

    def over(self) -> None:
        self._seconds = 0.0

    async def after(self, fault: Exception) -> None:
        if not self._seconds:
            log.warning(self._what, fault=repr(fault))
        self._seconds = min(LONGEST_REST, self._seconds * 2 or 0.1)
        await asyncio.sleep(self._seconds)


async def patiently(read: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask until there is an answer: the database may be away for a while."""
    rest = Rest("the ledger can't be read; subscriptions wait")
    while True:
        try:
            return await read()
        except Refusal:
            raise
        except Exception as fault:
            await rest.after(fault)


@contextlib.contextmanager
def _registered(subscribers: dict[UUID, set[Subscriber]], id: UUID) -> Iterator[Any]:
    subscriber = Subscriber()
    subscribers[id].add(subscriber)
    try:
        yield subscriber
    finally:
        subscribers[id].discard(subscriber)
        if not subscribers[id]:
            del subscribers[id]
