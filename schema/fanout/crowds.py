"""Those who watch one pool: its changes are read, executed and encoded once for an audience.

A watcher who keeps up gets a frame here. Any other gets the event, and executes it alone: who is
behind, whom it concerns, who may see the pool no more.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from uuid import UUID

import structlog

from models import database
from models.ledger import feed
from models.pools.rights import UNSEEING, unusual
from models.tables import Event
from schema.base.backoff import until_available
from schema.base.context import Context
from schema.base.subscribers import AT_ONCE, MOST_WAITING
from schema.fanout.audience import News, Told, told_to
from schema.fanout.watchers import Watcher, audiences, tell_each

log = structlog.get_logger()


class Crowd:
    """The watchers of one pool, and the task that tells them. It gets events from the listener."""

    def __init__(self, pool_id: UUID, someone: Context) -> None:
        """`someone` names the listener and the organization; their rights play no part."""
        self._pool_id = pool_id
        self._someone = someone.viewer
        self._listener = someone.listener
        self._listening = ExitStack()
        self._by_member: dict[UUID, set[Watcher]] = defaultdict(set)
        # As they came: then most neighbours lie together in memory too, and are told sooner.
        self.watchers: dict[Watcher, None] = {}
        self._events: deque[Event] = deque()
        self._is_behind = False
        self._cluster = database.cluster()
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def joined(self, watcher: Watcher) -> Iterator[None]:
        if not self._by_member:
            self._listening.enter_context(self._listener.of_pool(self._pool_id, self))
        id = watcher.context.viewer.id
        self._by_member[id].add(watcher)
        self.watchers[watcher] = None
        try:
            yield
        finally:
            del self.watchers[watcher]
            self._by_member[id].discard(watcher)
            if not self._by_member[id]:
                del self._by_member[id]
            if not self._by_member:
                self._stop()

    def put(self, event: Event) -> None:
        if feed.pool_change(event) is None:
            return
        if self._cluster != database.cluster():
            self._cluster = database.cluster()
            self._events.clear()
        if len(self._events) < MOST_WAITING and not self._is_behind:
            self._events.append(event)
        else:
            self._is_behind = True
        if not self._task:
            self._task = asyncio.create_task(self._tell())

    def wake(self) -> None:
        """The database is another: let each watcher look."""
        self._events.clear()
        for watcher in self.watchers:
            watcher.subscriber.wake()

    async def _tell(self) -> None:
        while self._events:
            count = min(AT_ONCE, len(self._events))
            events = [self._events.popleft() for _ in range(count)]
            await self._tell_all(events, self._cluster)
            if self._is_behind and not self._events:
                self._is_behind = False
                for watcher in self.watchers:
                    watcher.subscriber.fall_behind()
        self._task = None

    def _stop(self) -> None:
        self._listening.close()
        self._events.clear()
        self._is_behind = False
        if self._task:
            self._task.cancel()
            self._task = None

    async def _tell_all(self, events: list[Event], cluster: str) -> None:
        left = set(self.watchers)
        try:
            async with aclosing(self._told(events)) as audiences:
                async for told, watchers in audiences:
                    left.difference_update(watchers)
                    await tell_each(watchers, told, cluster)
        except Exception as fault:
            database.end_if_cancelled()
            log.error("a change of a pool is told to each watcher alone", exc_info=fault)
            left = set(self.watchers)
        if cluster == database.cluster():
            for watcher in left:
                for event in events:
                    watcher.subscriber.put(event)

    async def _told(self, events: list[Event]) -> AsyncGenerator[tuple[list[Told], list[Watcher]]]:
        """What each audience is told. Rights are read after the news: who lost them has none."""
        news = await News.read(self._someone, self._pool_id, events)
        watchers, members = list(self.watchers), list(self._by_member)
        of_pool = (self._someone.organization.id, self._pool_id, members)
        differing = await until_available(lambda: unusual(*of_pool))
        differing |= dict.fromkeys(news.concerned, UNSEEING)
        for (rights, sharing), audience in audiences(watchers, self._by_member, differing).items():
            told = await told_to(rights, sharing, audience[0].context, news)
            if told is not None:
                yield told, audience
