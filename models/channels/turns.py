"""Which message of a channel goes next, and when the channel is looked at again.

First goes what is sent by hand: a greeting, or a message again. Then the oldest message that is
pending: a later one waits until it arrived or was given up, so a channel's alerts arrive in order.
Only then the next digest is made.
"""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from models import database
from models.channels import reads
from models.channels.quiet import quiet_until
from models.channels.taking import Taken, give_back
from models.ledger import feed
from models.ledger.feed import Cursor
from models.tables import Channel, ChannelDelivery

FIRST = """
SELECT * FROM channel_delivery
WHERE organization_id = $1 AND channel_id = $2 AND status = 'PENDING'
  AND (NOT by_hand OR next_at <= now())
ORDER BY by_hand DESC, created_at LIMIT 1
"""
# Both only while the lease holds: another worker may have the channel since.
OPEN = """
WITH held AS (
  UPDATE channel SET read_txid = $4::xid8, read_seq = $5
  WHERE organization_id = $1 AND id = $2 AND leased_until = $3 RETURNING organization_id, id
)
INSERT INTO channel_delivery
  (organization_id, channel_id, alerts, from_txid, from_seq, upto_txid, upto_seq)
SELECT organization_id, id, $6, $7::xid8, $8, $4::xid8, $5 FROM held RETURNING *
"""
BEGIN = """
WITH held AS (
  UPDATE channel SET attempted_at = now()
  WHERE organization_id = $1 AND id = $2 AND leased_until = $3 RETURNING organization_id, id
)
UPDATE channel_delivery d SET attempts = d.attempts + 1, attempted_at = now()
FROM held WHERE d.organization_id = $1 AND d.channel_id = held.id
  AND d.id = $4 AND d.status = 'PENDING' RETURNING d.*
"""
# Nothing new up to $4: the channel's cursor goes on without a message.
PASS = """
UPDATE channel SET read_txid = $4::xid8, read_seq = $5
WHERE organization_id = $1 AND id = $2 AND leased_until = $3
"""


async def begin(taken: Taken) -> ChannelDelivery | None:
    """Return the message to send now, its attempt counted; None if the channel rests."""
    found = await database.models(ChannelDelivery, FIRST, *taken.key)
    first = found[0] if found else None
    if not (first and first.by_hand) and (until := _quiet_until(taken)):
        await give_back(taken, until)
        return None
    if first is None and taken.channel.paced_at <= taken.now:
        first = await _open(taken)
    elif first and not first.by_hand and first.next_at and first.next_at > taken.now:
        first = None
    if first is None:
        await give_back(taken, taken.now)
        return None
    begun = await database.models(ChannelDelivery, BEGIN, *taken.lease, first.id)
    return begun[0] if begun else None


async def _open(taken: Taken) -> ChannelDelivery | None:
    """Make a message of all alerts behind the channel's cursor; None if there are none."""
    low, high = read_cursor(taken.channel), await feed.head()
    count = await reads.count(taken.channel, low, high) if high > low else 0
    if not count:
        await database.rows(PASS, *taken.lease, high.txid, high.seq)
        return None
    bounds = (high.txid, high.seq, count, low.txid, low.seq)
    opened = await database.models(ChannelDelivery, OPEN, *taken.lease, *bounds)
    return opened[0] if opened else None


def read_cursor(channel: Channel) -> Cursor:
    return Cursor(channel.read_txid, channel.read_seq)


def _quiet_until(taken: Taken) -> datetime | None:
    begin, end = taken.quiet_from, taken.quiet_to
    if not begin or not end:
        return None
    hours = time.fromisoformat(begin), time.fromisoformat(end)
    return quiet_until(taken.now, *hours, ZoneInfo(taken.time_zone))
