"""The listener: reads new events once per process and hands them to subscribers in memory."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

from models import database
from models.alerts import kinds
from models.ledger import feed
from models.ledger.feed import Cursor
from models.queue.doorbell import rings
from models.queue.queue import queue
from models.tables import Event
from schema.base.backoff import Backoff, until_available
from schema.base.errors import TooManySubscriptions
from schema.base.loading.together import SharedReads
from schema.base.sinks import Sink, registered
from schema.connections.counts import Counts
from settings import Settings

BATCH = 1000
POLL_SECONDS = 1.0
# After a ring the event may not be settled yet: an older transaction is open.
SOON_SECONDS = (0.02, 0.1, 0.3)


class Listener:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.reads = SharedReads()
        # The database that it reads, and the cursor of its last event that was handed out.
        self.place: tuple[str | None, Cursor] = None, feed.START
        self._rung = asyncio.Event()
        self._ready = asyncio.Event()
        self._by_member: dict[UUID, set[Sink]] = defaultdict(set)
        self._by_pool: dict[UUID, set[Sink]] = defaultdict(set)
        self._counts: Counts[UUID] = Counts(settings.subscriptions_per_member)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._hear())]
        try:
            with queue.bell.heard_by(self._rung.set):
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def position(self) -> Cursor:
        """The cursor of the last event handed out; registered subscribers get what follows."""
        while self.place[0] != database.cluster():
            self._ready.clear()
            self._rung.set()
            await self._ready.wait()
        return self.place[1]

    def position_now(self) -> Cursor | None:
        """As `position`; None where it would wait."""
        return self.place[1] if self.place[0] == database.cluster() else None

    def of_member(self, id: UUID, sink: Sink) -> contextlib.AbstractContextManager[None]:
        """The sink gets what alerts the member while this is entered."""
        return registered(self._by_member, id, sink)

    def of_pool(self, id: UUID, sink: Sink) -> contextlib.AbstractContextManager[None]:
        """The sink gets the events of the pool while this is entered."""
        return registered(self._by_pool, id, sink)

    @contextlib.contextmanager
    def counted(self, member_id: UUID) -> Iterator[None]:
        """Count a subscription of the member. Raises TooManySubscriptions."""
        with self._counts.taken(member_id) as free:
            if not free:
                raise TooManySubscriptions(self._counts.most)
            yield

    async def _read(self) -> None:
        database.go_first()
        waits: Iterator[float] = iter(())
        while True:
            await until_available(self._hand_out)
            if await self._rang_within(next(waits, POLL_SECONDS)):
                waits = iter(SOON_SECONDS)

    async def _rang_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        rang = self._rung.is_set()
        self._rung.clear()
        return rang

    async def _hand_out(self) -> None:
        while True:
            while self.place[0] != database.cluster():
                await self._start_at_head()
            events = await feed.after(self.place[1], BATCH)
            if self.place[0] != database.cluster():
                continue
            for event in events:
                self._dispatch(event)
                self.place = self.place[0], feed.cursor_of(event)
            if len(events) < BATCH:
                return

    async def _start_at_head(self) -> None:
        """At the start, and where the database is another: who followed the old one resyncs."""
        cluster = database.cluster()
        head = await feed.head()
        if cluster == database.cluster():
            self.place = cluster, head
            self._ready.set()
            for sink in set[Sink]().union(*self._by_member.values(), *self._by_pool.values()):
                sink.wake()

    def _dispatch(self, event: Event) -> None:
        for member_id in kinds.alerted(event):
            for sink in self._by_member.get(member_id, ()):
                sink.put(event)
        if event.pool_id:
            for sink in self._by_pool.get(event.pool_id, ()):
                sink.put(event)

    async def _hear(self) -> None:
        """Listen to the doorbell of other processes. Without Valkey, `_read` polls for theirs."""
        backoff = Backoff("the doorbell is out of order; alerts wait for the poll")
        while True:
            try:
                async for name in rings(self.settings, POLL_SECONDS):
                    backoff.reset()
                    if name != queue.bell.name:
                        self._rung.set()
            except Exception as fault:
                await backoff.wait(fault)
