"""The client: the generated operations, and subscriptions that go on after a cut."""

from collections.abc import AsyncIterator
from typing import ClassVar, TypeAlias

from seapool_client.following import Happened, Resync, follow
from seapool_client.generated import Operations
from seapool_client.generated.base_model import UnsetType
from seapool_client.generated.fragments import Notice
from seapool_client.generated.pool_changes import PoolChangesPoolChanges

Alerts: TypeAlias = AsyncIterator[Happened[Notice] | Resync]
Changes: TypeAlias = AsyncIterator[Happened[PoolChangesPoolChanges] | Resync]


class Client(Operations):
    """`async with Client(url, token) as seapool`, or `close` it."""

    unset: ClassVar[type] = UnsetType

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def follow_alerts(self, after: str | None = None) -> Alerts:
        """The viewer's alerts: without `after`, those that come from now on."""

        async def events(cursor: str | None) -> AsyncIterator[Notice]:
            async for told in self.release_alerts(after=cursor):
                yield told.release_alerts

        async def now() -> str:
            return (await self.alerts(first=1)).viewer.alerts.feed_cursor

        return follow(events, now, after, lambda: self.connections)

    def follow_pool(self, pool_id: str, after: str | None = None) -> Changes:
        """Customers that are opened to the pool and claimed from it: without `after`, from now on.

        With the `feed_cursor` of a page as `after`, nothing is missed since it was read.
        """

        async def events(cursor: str | None) -> AsyncIterator[PoolChangesPoolChanges]:
            async for told in self.pool_changes(pool_id, after=cursor):
                yield told.pool_changes

        async def now() -> str | None:
            pool = (await self.pool_customers(pool_id, first=1)).pool
            return pool.customers.feed_cursor if pool else None

        return follow(events, now, after, lambda: self.connections)
