"""The outbox: events of the ledger become deliveries, and old deliveries are deleted.

A customer's events go to a URL one after another: the next one waits until the one before has
arrived or was given up. These statements serve all organizations.
"""

from datetime import timedelta

from models import database
from models.ledger import feed
from models.ledger.actions import WEBHOOK_TYPES
from models.ledger.feed import Cursor
from models.tables import Event

BATCH = 1000
KEPT = timedelta(days=30)

CURSORS = "SELECT DISTINCT read_txid AS txid, read_seq AS seq FROM webhook"
AT_CURSOR = """
SELECT id FROM webhook WHERE read_txid = $1::xid8 AND read_seq = $2
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
QUEUE = """
INSERT INTO webhook_delivery
  (organization_id, webhook_id, event_id, customer_id, seq, began_at, next_at)
SELECT organization_id, webhook_id, event_id, customer_id, seq, turn, turn FROM (
  -- 1. Every event for every webhook of its organization. The first of a customer has its turn
  --    now, unless an older delivery is pending.
  SELECT e.organization_id, w.id AS webhook_id, e.id AS event_id, e.customer_id, e.seq,
    CASE WHEN row_number() OVER (PARTITION BY w.id, e.customer_id ORDER BY e.seq) = 1
      AND NOT EXISTS (SELECT FROM webhook_delivery d
        WHERE d.organization_id = e.organization_id AND d.webhook_id = w.id
          AND d.customer_id = e.customer_id AND d.status = 'PENDING' AND NOT d.again)
      THEN now() END AS turn
  FROM unnest($1::uuid[], $2::uuid[]) AS queued(organization_id, id)
    JOIN event e ON e.organization_id = queued.organization_id AND e.id = queued.id
    JOIN webhook w ON w.organization_id = e.organization_id AND w.id = ANY($3)
  -- 2. Of an erased customer, its erasure alone. Not those that are queued already.
  WHERE (e.action = 'ERASED' OR NOT EXISTS (SELECT FROM customer c
      WHERE c.organization_id = e.organization_id AND c.id = e.customer_id
        AND c.erased_at IS NOT NULL))
    AND NOT EXISTS (SELECT FROM webhook_delivery d
    WHERE d.organization_id = e.organization_id AND d.webhook_id = w.id AND d.event_id = e.id)
) AS unqueued
ORDER BY seq
"""
MOVE = "UPDATE webhook SET read_txid = $2::xid8, read_seq = $3 WHERE id = ANY($1)"

FORGET = """
DELETE FROM webhook_delivery WHERE id IN (
  SELECT id FROM webhook_delivery WHERE ended_at < now() - $1::interval LIMIT $2)
"""


async def queue_new() -> bool:
    """Queue one batch of events for each webhook; return whether there are more.

    Webhooks at the same cursor share a batch. One that is far behind delays no other.
    """
    more = False
    for row in await database.rows(CURSORS):
        cursor = Cursor(row["txid"], row["seq"])
        events = await feed.after(cursor, BATCH)
        if events:
            await _queue(cursor, events)
        more = more or len(events) == BATCH
    return more


async def forget_old() -> None:
    """Delete a batch of deliveries that ended longer than KEPT ago."""
    await database.rows(FORGET, KEPT, BATCH)


async def _queue(cursor: Cursor, events: list[Event]) -> None:
    """Queue the events for the webhooks at the cursor, and move these behind the last event."""
    queued = [event for event in events if event.customer_id and event.action in WEBHOOK_TYPES]
    organizations, ids = [event.organization_id for event in queued], [event.id for event in queued]
    last = feed.cursor_of(events[-1])
    async with database.transaction():
        rows = await database.rows(AT_CURSOR, cursor.txid, cursor.seq)
        webhooks = [row["id"] for row in rows]
        if queued and webhooks:
            await database.rows(QUEUE, organizations, ids, webhooks)
        await database.rows(MOVE, webhooks, last.txid, last.seq)
