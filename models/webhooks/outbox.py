"""Events on their way to webhooks: queued from the ledger, taken by a worker, settled, sent again.

A customer's events go to a URL one after the other: the next one's turn comes when the one before
has arrived or was given up.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.ledger import feed
from models.ledger.feed import Cursor
from models.tables import Event
from models.texts import text as texts
from models.texts.text import Text
from models.webhooks.payloads import ACTIONS

BATCH = 1000
KEPT = timedelta(days=30)

PLACES = "SELECT DISTINCT read_txid AS txid, read_seq AS seq FROM webhook"
AT_PLACE = """
SELECT id FROM webhook WHERE read_txid = $1::xid8 AND read_seq = $2
ORDER BY id FOR NO KEY UPDATE
"""
QUEUE = """
INSERT INTO webhook_delivery
  (organization_id, webhook_id, event_id, customer_id, seq, began_at, next_at)
SELECT organization_id, webhook_id, event_id, customer_id, seq, turn, turn FROM (
  SELECT e.organization_id, w.id AS webhook_id, e.id AS event_id, e.customer_id, e.seq,
    CASE WHEN row_number() OVER (PARTITION BY w.id, e.customer_id ORDER BY e.seq) = 1
      AND NOT EXISTS (SELECT FROM webhook_delivery d
        WHERE d.webhook_id = w.id AND d.customer_id = e.customer_id
          AND d.status = 'PENDING' AND NOT d.again) THEN now() END AS turn
  FROM event e JOIN webhook w ON w.organization_id = e.organization_id
  WHERE e.id = ANY($1) AND w.id = ANY($2)
    AND NOT EXISTS (SELECT FROM webhook_delivery d
      WHERE d.webhook_id = w.id AND d.event_id = e.id)) AS told
ORDER BY seq
"""
MOVE = "UPDATE webhook SET read_txid = $2::xid8, read_seq = $3 WHERE id = ANY($1)"

# next_at is put off while an attempt is made, so that whoever takes it dies without holding it.
TAKE = """
WITH free AS (
  SELECT w.id, greatest(0, $1 - coalesce(b.busy, 0)) AS room
  FROM webhook w LEFT JOIN unnest($2::uuid[], $3::int[]) AS b(id, busy) ON b.id = w.id
), due AS MATERIALIZED (
  SELECT d.id FROM free w, LATERAL (
    SELECT id FROM webhook_delivery WHERE webhook_id = w.id AND next_at <= now()
    ORDER BY next_at LIMIT w.room FOR UPDATE SKIP LOCKED) AS d
  LIMIT $4
), taken AS (
  UPDATE webhook_delivery d SET attempts = d.attempts + 1, attempted_at = now(),
    next_at = now() + $5::interval
  FROM due WHERE d.id = due.id RETURNING d.*
)
SELECT t.id, t.webhook_id, t.attempts, t.attempted_at, w.url, w.secret,
  e.id AS event_id, e.action, e.at, e.reason, c.id AS customer_id, c.name AS customer_name,
  a.id AS actor_id, a.name AS actor_name, m.id AS member_id, m.name AS member_name
FROM taken t JOIN webhook w ON w.id = t.webhook_id
  JOIN event e ON e.id = t.event_id JOIN customer c ON c.id = t.customer_id
  LEFT JOIN member a ON a.id = e.actor_id LEFT JOIN member m ON m.id = e.member_id
"""

WEBHOOK = "SELECT FROM webhook WHERE id = $1 FOR NO KEY UPDATE"
# Each wait is as long as all those before it together.
SETTLE = """
WITH tried AS MATERIALIZED (
  SELECT id, began_at + $7::interval AS last_at, CASE
    WHEN $4::jsonb IS NULL THEN 'DELIVERED'
    WHEN now() >= began_at + $7::interval THEN 'FAILED' ELSE 'PENDING' END AS status
  FROM webhook_delivery WHERE id = $1 AND attempts = $2 AND status = 'PENDING' FOR UPDATE
)
UPDATE webhook_delivery d SET status = t.status, response_status = $3, problem = $4,
  ended_at = CASE WHEN t.status <> 'PENDING' THEN now() END,
  next_at = CASE WHEN t.status = 'PENDING' THEN least(t.last_at,
    now() + least(greatest(now() - began_at, $5::interval), $6::interval)) END
FROM tried t WHERE d.id = t.id RETURNING d.status, d.again, d.customer_id
"""
NEXT_TURN = """
UPDATE webhook_delivery SET next_at = now(), began_at = now() WHERE id = (
  SELECT id FROM webhook_delivery
  WHERE webhook_id = $1 AND customer_id = $2 AND status = 'PENDING' AND NOT again
  ORDER BY seq LIMIT 1)
"""
FORGET = """
DELETE FROM webhook_delivery WHERE id IN (
  SELECT id FROM webhook_delivery WHERE ended_at < now() - $1::interval LIMIT $2)
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long it waits before a second attempt and at most between two, and when it gives up."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=2)
    gives_up_after: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt; without a problem it has arrived."""

    status: int | None
    problem: Text | None


async def queue_new() -> bool:
    """Read the ledger on for every webhook, a batch each; answers whether there is more.

    One that is far behind does not hold up the others, which stand elsewhere.
    """
    more = False
    for row in await database.rows(PLACES):
        place = Cursor(row["txid"], row["seq"])
        events = await feed.after(place, BATCH)
        if events:
            await _queue(place, events)
        more = more or len(events) == BATCH
    return more


async def take(
    busy: dict[UUID, int], *, each: int, most: int, lease: timedelta
) -> list[dict[str, Any]]:
    """What is due, ready to be posted: at most `each` at a time to one URL, less what is `busy`.

    It is theirs who took it for as long as the lease lasts.
    """
    if most <= 0:
        return []
    return await database.rows(TAKE, each, list(busy), list(busy.values()), most, lease)


async def settle(taken: dict[str, Any], answer: Answer, patience: Patience) -> None:
    """Write what came of it; an answer that comes after the lease's end changes nothing."""
    id, webhook_id = taken["id"], taken["webhook_id"]
    async with database.transaction():
        await database.rows(WEBHOOK, webhook_id)
        rows = await database.rows(
            SETTLE,
            id,
            taken["attempts"],
            answer.status,
            answer.problem and json.dumps(texts.to_json(answer.problem), ensure_ascii=False),
            patience.first,
            patience.longest,
            patience.gives_up_after,
        )
        for row in rows:
            if row["status"] != "PENDING" and not row["again"]:
                await database.rows(NEXT_TURN, webhook_id, row["customer_id"])


async def forget_old() -> None:
    await database.rows(FORGET, KEPT, BATCH)


async def _queue(place: Cursor, events: list[Event]) -> None:
    told = [event.id for event in events if event.customer_id and event.action in ACTIONS]
    upto = feed.place(events[-1])
    async with database.transaction():
        rows = await database.rows(AT_PLACE, place.txid, place.seq)
        webhooks = [row["id"] for row in rows]
        if told and webhooks:
            await database.rows(QUEUE, told, webhooks)
        await database.rows(MOVE, webhooks, upto.txid, upto.seq)
