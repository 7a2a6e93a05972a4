"""After another database took the place of the one that clients know."""

from uuid import UUID

import pytest

import engines as embedded
from benchmarks.faults.proxy import Proxy, postgres_socket
from models.ledger import feed
from models.ledger.feed import Resync
from models.ownership import claims
from models.tables import Event, WebhookDelivery
from models.viewers import Viewer
from models.webhooks import outbox
from tests.support.running import Client
from tests.support.samples import Office, done, until
from tests.support.sockets import ALERTS, Following, following, let_in


async def check_new_era(
    api: Client, alerts: Following, office: Office, customer: UUID, li: Viewer, cursor: str
) -> None:
    """Who followed the old database resyncs, also later by its cursor; then all is told."""
    await alerts.until_error("RESYNC")
    with pytest.raises(Resync):
        await feed.parse_cursor(cursor, li.seal)
    async with let_in(api, li.member) as socket:
        await socket.ask(ALERTS, after=cursor)
        assert (await socket.error())["extensions"] == {"code": "RESYNC"}
    answer = await api.data(li.member, "{ viewer { alerts { feedCursor } } }")
    start = answer["viewer"]["alerts"]["feedCursor"]
    async with following(api, li.member, after=start) as alerts:
        await assign(office, customer, li)
        told = await alerts.next()
        assert told["customer"]["id"] == f"Customer_{customer.hex}"
        assert await feed.parse_cursor(told["cursor"], li.seal) <= await feed.head()


async def check_webhooks(customer: UUID) -> None:
    while await outbox.queue_new():
        pass
    queued = await WebhookDelivery.filter(customer_id=customer).values_list("event_id", flat=True)
    assigned = await Event.get(customer_id=customer, action="ASSIGNED")
    assert assigned.id in queued


async def assign(office: Office, customer: UUID, who: Viewer) -> None:
    done(await claims.assign(await office.admin(), customer, who.id))


async def until_settled() -> Event:
    """The newest event, once no transaction can come before it."""
    newest = await Event.all().order_by("-txid", "-seq").first()
    assert newest is not None
    await until(lambda: is_head(newest))
    return newest


async def is_head(event: Event) -> bool:
    return await feed.head() == feed.cursor_of(event)


def move(line: Proxy, to: embedded.Postgres) -> None:
    """The address leads to another cluster."""
    line.address = postgres_socket(to.url)
    line.cut()
