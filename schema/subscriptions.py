from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import strawberry

from models import tables
from models.alerts import inbox, kinds
from models.alerts.inbox import Alert
from models.ledger import feed
from models.ledger.feed import Cursor as Place
from models.refusals import NotFound
from models.tables import Event
from models.viewers import Viewer, find
from schema import alerts as shown
from schema.base import ids, metrics
from schema.base.backoff import until_available
from schema.base.context import Context, Info
from schema.base.enums import PoolChangeKind
from schema.base.fields import subscription
from schema.base.references import CUSTOMER
from schema.base.scalars import Cursor
from schema.base.subscribers import AT_ONCE, Subscriber

Replay = Callable[[Place, Place], Awaitable[list[Event]]]


@strawberry.type
class PoolChange:
    cursor: Cursor
    kind: PoolChangeKind
    customer: Any = strawberry.field(graphql_type=CUSTOMER)
    at: datetime


@strawberry.type
class Subscription:
    @subscription(
        shown.Alert,
        description="What concerns the viewer: reminders before a release, releases of their"
        " customers, assignments.\nDelivered at least once and in order. With `after`,"
        " everything missed since that cursor comes first.",
    )
    @staticmethod
    async def release_alerts(
        info: Info, after: Cursor | None = None
    ) -> AsyncGenerator[Alert, None]:
        context = info.context
        member_id = context.viewer.id

        def replay(place: Place, upto: Place) -> Awaitable[list[Event]]:
            return feed.alerts_after(member_id, place, upto, AT_ONCE)

        with (
            metrics.subscribers.labels("releaseAlerts").track_inprogress(),
            context.listener.of_member(member_id) as subscriber,
        ):
            async with aclosing(_follow(context, subscriber, replay, after)) as batches:
                async for batch in batches:
                    mine = [event for event in batch if kinds.kind_of(event, member_id)]
                    if not mine:
                        continue
                    await _look_again(context, mine)
                    read = await until_available(lambda: inbox.read_place(member_id))
                    for event in mine:
                        yield await inbox.alert(event, member_id, read)

    @subscription(
        PoolChange,
        description="What concerns a pool that the viewer can see: customers opened to it and"
        " claimed from it.",
    )
    @staticmethod
    async def pool_changes(
        info: Info, pool_id: strawberry.ID, after: Cursor | None = None
    ) -> AsyncGenerator[PoolChange, None]:
        context = info.context
        pool = ids.decode(pool_id, "Pool")
        _check_sees(context.viewer, pool)

        def replay(place: Place, upto: Place) -> Awaitable[list[Event]]:
            return feed.pool_changes_after(pool, place, upto, AT_ONCE)

        with (
            metrics.subscribers.labels("poolChanges").track_inprogress(),
            context.listener.of_pool(pool) as subscriber,
        ):
            async with aclosing(_follow(context, subscriber, replay, after)) as batches:
                async for batch in batches:
                    changes = [event for event in batch if feed.change_kind(event)]
                    if changes:
                        await _look_again(context, changes)
                        _check_sees(context.viewer, pool)
                    for event in changes:
                        yield await _change(context, event)


async def _follow(
    context: Context, subscriber: Subscriber, replay: Replay, after: str | None
) -> AsyncGenerator[list[Event], None]:
    """The ledger from `after` up to where the listener stands, then what it hands out."""
    place = await context.listener.position() if after is None else await feed.parse(after)
    while True:
        upto = await context.listener.position()
        subscriber.catch_up()
        while place < upto:
            missed = await until_available(partial(replay, place, upto))
            if missed:
                yield missed
                subscriber.moves()
            place = feed.place(missed[-1]) if len(missed) == AT_ONCE else upto
        async for batch in subscriber.batches():
            yield [event for event in batch if feed.place(event) > place]
            place = max(place, feed.place(batch[-1]))


async def _look_again(context: Context, events: list[Event]) -> None:
    """The viewer's standing and the customers, as they are now."""
    await until_available(context.look_again)
    wanted = {event.customer_id for event in events if event.customer_id}
    customers = await until_available(lambda: find(context.viewer, tables.Customer, wanted))
    context.loaders.customers.prime_many(customers)


def _check_sees(viewer: Viewer, pool: UUID) -> None:
    if not viewer.sees_pool(pool):
        raise NotFound


async def _change(context: Context, event: Event) -> PoolChange:
    kind = feed.change_kind(event)
    assert kind is not None
    assert event.customer_id is not None
    customer = await context.loaders.customers.load(event.customer_id)
    cursor = Cursor(await feed.text(feed.place(event)))
    change: object = PoolChange(
        cursor=cursor,
        kind=PoolChangeKind(kind),
        customer=customer,
        at=event.at,
    )
    assert isinstance(change, PoolChange)
    return change
