"""What is left to do, over all organizations: overdue, undelivered, unread."""

from dataclasses import dataclass

from models import database
from models.ledger.feed import Cursor

# Enough to see that it grows; counting more would make it grow.
MOST_COUNTED = 10_000

OVERDUE_RELEASE = """
SELECT extract(epoch FROM now() - c.release_at)::float AS seconds
FROM customer c JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
  AND p.rules_version = c.rules_version
WHERE c.release_at <= now() ORDER BY c.release_at LIMIT 1
"""
OVERDUE_REMINDER = """
SELECT extract(epoch FROM now() - c.next_remind_at)::float AS seconds
FROM customer c JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
  AND p.rules_version = c.rules_version
WHERE c.next_remind_at <= now() AND c.release_at > now() ORDER BY c.next_remind_at LIMIT 1
"""
DUE_WEBHOOKS = """
SELECT count(*) AS due, coalesce(extract(epoch FROM now() - min(d.next_at)), 0)::float AS seconds
FROM webhook w, LATERAL (
  SELECT next_at FROM webhook_delivery
  WHERE organization_id = w.organization_id AND webhook_id = w.id AND next_at <= now()
  ORDER BY next_at LIMIT $1) d
"""
DUE_CHANNELS = """
SELECT count(*) AS due, coalesce(extract(epoch FROM now() - min(next_at)), 0)::float AS seconds
FROM (SELECT next_at FROM channel
  WHERE next_at <= now() AND coalesce(leased_until, now()) <= now()
  ORDER BY next_at LIMIT $1) AS due
"""
# Events that are not settled yet too: a transaction that stays open holds up every reader.
UNREAD = """
SELECT extract(epoch FROM clock_timestamp() - at)::float AS seconds FROM event
WHERE (txid, seq) > ($1::xid8, $2::bigint) ORDER BY txid, seq LIMIT 1
"""
WEBHOOKS_READ = "SELECT read_txid AS txid, read_seq AS seq FROM webhook ORDER BY 1, 2 LIMIT 1"
CHANNELS_READ = """
SELECT txid, seq FROM channel_reader WHERE EXISTS (SELECT FROM channel)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """How many deliveries are due, and for how many seconds the first of them."""

    count: int
    seconds: float


async def overdue_release() -> float:
    """For how many seconds the longest due customer has been due; 0 if none is."""
    return await _seconds(OVERDUE_RELEASE)


async def overdue_reminder() -> float:
    return await _seconds(OVERDUE_REMINDER)


async def due_webhooks() -> Due:
    return await _due(DUE_WEBHOOKS)


async def due_channels() -> Due:
    return await _due(DUE_CHANNELS)


async def unread(read: Cursor) -> float:
    """Return the age of the first event behind the cursor in seconds; 0 if there is none."""
    return await _seconds(UNREAD, read.txid, read.seq)


async def unread_by_webhooks() -> float:
    return await _unread_by(WEBHOOKS_READ)


async def unread_by_channels() -> float:
    return await _unread_by(CHANNELS_READ)


async def _unread_by(reader: str) -> float:
    for row in await database.rows(reader):
        return await unread(Cursor(row["txid"], row["seq"]))
    return 0.0


async def _due(sql: str) -> Due:
    (row,) = await database.rows(sql, MOST_COUNTED)
    return Due(row["due"], row["seconds"])


async def _seconds(sql: str, *values: object) -> float:
    rows = await database.rows(sql, *values)
    return max(0.0, float(rows[0]["seconds"] or 0)) if rows else 0.0
