"""The subscriptions: a member's alerts and the changes of a pool.

Each replays the ledger from the client's cursor, then follows the listener.
"""

from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from models.alerts import inbox, kinds, queries
from models.alerts.inbox import Alert
from models.ledger import feed
from models.ledger.actions import PoolChangeKind
from models.ledger.feed import Cursor as FeedCursor
from models.refusals import NotFound
from models.tables import Event
from models.viewers import Viewer
from schema import alerts as alert_types
from schema.base import ids, metrics
from schema.base.backoff import until_available
from schema.base.context import Context, Info
from schema.base.fields import subscription
from schema.base.references import CUSTOMER
from schema.base.scalars import Cursor
from schema.base.subscribers import AT_ONCE, Subscriber, follow
from schema.fanout.watching import watching
from schema.sheets.progress import ImportProgressFeed


@strawberry.type
class PoolChange:
    cursor: Cursor
    kind: PoolChangeKind
    customer: Any = strawberry.field(graphql_type=CUSTOMER)
    at: datetime


@strawberry.type
class Subscription(ImportProgressFeed):
    @subscription(
        alert_types.Alert,
        description="What concerns the viewer: reminders before a release, releases of their"
        " customers, assignments.\nDelivered at least once and in order. With `after`,"
        " everything missed since that cursor comes first.",
    )
    @staticmethod
    async def release_alerts(
        info: Info, after: Cursor | None = None
    ) -> AsyncGenerator[Alert, None]:
        context, seal = info.context, info.context.viewer.seal
        subscriptions = metrics.subscribers.labels("releaseAlerts")

        def replay(cursor: FeedCursor, upto: FeedCursor) -> Awaitable[list[Event]]:
            return queries.alerts_after(context.viewer, cursor, upto, AT_ONCE)

        with (
            context.outlasting(),
            subscriptions.track_inprogress(),
            context.listener.counted(context.viewer.id),
            context.listener.of_member(context.viewer.id, subscriber := Subscriber()),
        ):
            batches = follow(context.listener.position, subscriber, replay, after, seal)
            async with aclosing(batches):
                async for batch in batches:
                    alerts = await _alerts(context, batch)
                    subscriber.check_database()
                    for alert in alerts:
                        yield alert

    @subscription(
        PoolChange,
        description="What concerns a pool that the viewer can see: customers opened to it and"
        " claimed from it.",
    )
    @staticmethod
    async def pool_changes(
        info: Info, pool_id: strawberry.ID, after: Cursor | None = None
    ) -> AsyncGenerator[PoolChange, None]:
        context, seal = info.context, info.context.viewer.seal
        pool = ids.decode(pool_id, "Pool")
        _check_sees(context.viewer, pool)
        scope = (context.viewer.organization.id, pool)
        subscriptions = metrics.subscribers.labels("poolChanges")

        def replay(cursor: FeedCursor, upto: FeedCursor) -> Awaitable[list[Event]]:
            return feed.pool_changes_after(*scope, cursor, upto, AT_ONCE)

        with (
            context.outlasting(),
            subscriptions.track_inprogress(),
            context.listener.counted(context.viewer.id),
            watching(info, pool, _change) as subscriber,
        ):
            batches = follow(context.listener.position, subscriber, replay, after, seal)
            async with aclosing(batches):
                async for batch in batches:
                    changes = await _changes(context, pool, batch)
                    subscriber.check_database()
                    for change in changes:
                        yield change


async def _alerts(context: Context, events: list[Event]) -> list[Alert]:
    """Those of the events that alert the viewer."""
    mine = [event for event in events if kinds.kind_of(event, context.viewer.id)]
    if not mine:
        return []
    await context.refresh(mine)
    viewer, reads = context.viewer, context.listener.reads
    cursors = await until_available(lambda: reads.read_cursors.load(viewer, [viewer.id]))
    read = cursors.get(viewer.id, feed.START)
    return [await inbox.alert(event, viewer, read) for event in mine]


async def _changes(context: Context, pool: UUID, events: list[Event]) -> list[PoolChange]:
    """Those of the events that changed the pool, of customers that the viewer may see now."""
    changes = [event for event in events if feed.pool_change(event)]
    if not changes:
        return []
    await context.refresh(changes)
    _check_sees(context.viewer, pool)
    found = [await _change(context, event) for event in changes]
    return [change for change in found if context.viewer.sees(change.customer)]


def _check_sees(viewer: Viewer, pool: UUID) -> None:
    if not viewer.sees_pool(pool):
        raise NotFound


async def _change(context: Context, event: Event) -> PoolChange:
    kind = feed.pool_change(event)
    assert kind is not None
    assert event.customer_id is not None
    change: object = PoolChange(
        cursor=Cursor(await feed.format_cursor(feed.cursor_of(event), context.viewer.seal)),
        kind=kind,
        customer=await context.loaders.customers.load(event.customer_id),
        at=event.at,
    )
    assert isinstance(change, PoolChange)
    return change
