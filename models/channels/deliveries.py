"""Messages of a channel for those who may change it: list them, send one again, send a greeting."""

from uuid import UUID

from models import database
from models.channels.owning import find_own, may_change
from models.paging import Listing, Order, Page, Query, Window, read_pages
from models.refusals import NotFound
from models.tables import Channel, ChannelDelivery
from models.viewers import Viewer, find, find_one

LATEST = Listing(
    "channel deliveries",
    "channel_delivery",
    "c.*",
    Order("c.created_at", "timestamptz", descending=True),
)
# What is sent by hand is at least ten seconds behind the last attempt: a robot's flood costs the
# group its robot, and an inbox is no place for one either.
SOON = "greatest(now(), c.attempted_at + interval '10 seconds')"
GREET = f"""
WITH c AS (
  UPDATE channel c SET next_at = least(c.next_at, {SOON})
  WHERE c.organization_id = $1 AND c.id = $2
    AND NOT EXISTS (SELECT FROM channel_delivery d WHERE d.organization_id = c.organization_id
      AND d.channel_id = c.id AND d.status = 'PENDING' AND d.greeting) RETURNING *
)
INSERT INTO channel_delivery (organization_id, channel_id, greeting, by_hand, alerts, next_at,
  from_txid, from_seq, upto_txid, upto_seq)
SELECT c.organization_id, c.id, true, true, 0, {SOON}, c.read_txid, c.read_seq, c.read_txid,
  c.read_seq FROM c
"""
PENDING_GREETING = """
SELECT * FROM channel_delivery
WHERE organization_id = $1 AND channel_id = $2 AND greeting ORDER BY created_at DESC LIMIT 1
"""
LOCK = "SELECT FROM channel WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE"
# One that is pending keeps its place: what is behind it waits on.
AGAIN = f"""
WITH again AS (
  UPDATE channel_delivery d SET status = 'PENDING', began_at = now(),
    by_hand = d.by_hand OR d.status <> 'PENDING', next_at = {SOON}, ended_at = NULL
  FROM channel c WHERE c.organization_id = $1 AND c.id = $2
    AND d.organization_id = c.organization_id AND d.channel_id = c.id AND d.id = $3
    AND (d.status <> 'PENDING' OR d.attempts > 0) RETURNING d.next_at
)
UPDATE channel c SET next_at = least(c.next_at, again.next_at) FROM again
WHERE c.organization_id = $1 AND c.id = $2
"""


async def of_channel(viewer: Viewer, channel: Channel, *, window: Window) -> Page[ChannelDelivery]:
    """The newest first."""
    if not may_change(viewer, channel):
        raise NotFound
    query = Query(viewer.organization.id, channel.id)
    parents = "(SELECT $2::uuid AS id, 1 AS n) AS parent"
    where = "c.channel_id = parent.id"
    found = await read_pages(query, LATEST, parents, where, window, viewer.seal)
    return found.page(0, ChannelDelivery)


async def find_delivery(viewer: Viewer, id: UUID | None) -> ChannelDelivery:
    """Raises NotFound, also for one of a channel that is not the viewer's to change."""
    delivery = await find_one(viewer, ChannelDelivery, id)
    await find_own(viewer, delivery.channel_id)
    return delivery


async def greet(viewer: Viewer, id: UUID | None) -> ChannelDelivery:
    """Send a greeting; one that waits already is not doubled. It is tried once."""
    channel = await find_own(viewer, id)
    key = (viewer.organization.id, channel.id)
    async with database.transaction():
        await database.rows(LOCK, *key)
        await database.rows(GREET, *key)
        greetings = await database.models(ChannelDelivery, PENDING_GREETING, *key)
    if not greetings:
        raise NotFound
    return greetings[0]


async def send_again(viewer: Viewer, id: UUID | None) -> ChannelDelivery:
    """Try now, ahead of the queue, for another day. One that waits for its turn is left alone."""
    delivery = await find_delivery(viewer, id)
    key = (viewer.organization.id, delivery.channel_id)
    async with database.transaction():
        await database.rows(LOCK, *key)
        await database.rows(AGAIN, *key, delivery.id)
    return (await find(viewer, ChannelDelivery, [delivery.id]))[delivery.id]
