"""Attempts of deliveries: a worker takes what is due and settles it. For all organizations."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.texts import text as texts
from models.texts.text import Text

# Taking a delivery moves next_at forward (lease), so a crashed worker's delivery is retried.
TAKE = """
-- 1. How many more attempts each URL may have at a time, and how many its organization has.
WITH free AS (
  SELECT w.organization_id, w.id, greatest(0, $1 - coalesce(b.busy, 0)) AS room,
    sum(coalesce(b.busy, 0)) OVER (PARTITION BY w.organization_id) AS busy
  FROM webhook w LEFT JOIN unnest($2::uuid[], $3::int[]) AS b(id, busy) ON b.id = w.id
-- 2. The deliveries that are due, the longest due first for each URL; each takes a place of its
--    organization.
), waiting AS (
  SELECT w.organization_id, d.id, d.next_at,
    w.busy + row_number() OVER (PARTITION BY w.organization_id ORDER BY d.next_at) AS place
  FROM free w, LATERAL (
    SELECT id, next_at FROM webhook_delivery
    WHERE organization_id = w.organization_id AND webhook_id = w.id AND next_at <= now()
      AND id <> ALL($7)
    ORDER BY next_at LIMIT w.room) AS d
-- 3. In turn among the organizations, the one that has the fewest places first.
), chosen AS (
  SELECT * FROM waiting WHERE place <= $6 ORDER BY place, next_at LIMIT $4
), due AS MATERIALIZED (
  SELECT d.organization_id, d.id FROM webhook_delivery d
  JOIN chosen c ON c.organization_id = d.organization_id AND c.id = d.id
  WHERE d.next_at <= now() FOR UPDATE OF d SKIP LOCKED
-- 4. Lease them.
), taken AS (
  UPDATE webhook_delivery d SET attempts = d.attempts + 1, attempted_at = now(),
    next_at = now() + $5::interval
  FROM due WHERE d.organization_id = due.organization_id AND d.id = due.id RETURNING d.*
)
-- 5. What the message says.
SELECT t.organization_id, t.id, t.webhook_id, t.attempts, t.attempted_at, w.url, w.secret,
  e.id AS event_id, e.action, e.at, e.reason, c.id AS customer_id, c.name AS customer_name,
  a.id AS actor_id, a.name AS actor_name, m.id AS member_id, m.name AS member_name
FROM taken t
  JOIN webhook w ON w.organization_id = t.organization_id AND w.id = t.webhook_id
  JOIN event e ON e.organization_id = t.organization_id AND e.id = t.event_id
  JOIN customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id
  LEFT JOIN member a ON a.organization_id = t.organization_id AND a.id = e.actor_id
  LEFT JOIN member m ON m.organization_id = t.organization_id AND m.id = e.member_id
"""

LOCK_WEBHOOK = "SELECT FROM webhook WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE"
# Each wait is as long as all those before it together.
SETTLE = """
-- 1. The delivery, if the attempt still has its lease.
WITH tried AS MATERIALIZED (
  SELECT organization_id, id, began_at + $8::interval AS last_at, CASE
    WHEN $5::jsonb IS NULL THEN 'DELIVERED'
    WHEN now() >= began_at + $8::interval THEN 'FAILED' ELSE 'PENDING' END AS status
  FROM webhook_delivery
  WHERE organization_id = $1 AND id = $2 AND attempts = $3 AND status = 'PENDING' FOR UPDATE
)
-- 2. Its result; a pending one gets its next attempt.
UPDATE webhook_delivery d SET status = t.status, response_status = $4, problem = $5,
  ended_at = CASE WHEN t.status <> 'PENDING' THEN now() END,
  next_at = CASE WHEN t.status = 'PENDING' THEN least(t.last_at,
    now() + least(greatest(now() - began_at, $6::interval), $7::interval)) END
FROM tried t WHERE d.organization_id = t.organization_id AND d.id = t.id
RETURNING d.status, d.again, d.customer_id
"""
NEXT_TURN = """
UPDATE webhook_delivery SET next_at = now(), began_at = now()
WHERE organization_id = $1 AND id = (
  SELECT id FROM webhook_delivery
  WHERE organization_id = $1 AND webhook_id = $2 AND customer_id = $3
    AND status = 'PENDING' AND NOT again
  ORDER BY seq LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before the second attempt, at most between two, and until giving up."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=2)
    gives_up_after: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of an attempt: its HTTP status if there is one, and the problem if it failed."""

    status: int | None
    problem: Text | None

    @property
    def problem_json(self) -> str | None:
        stored = self.problem and texts.to_json(self.problem)
        return json.dumps(stored, ensure_ascii=False) if stored else None


async def take(
    busy: dict[UUID, int],
    under_way: Collection[UUID] = (),
    *,
    each: int,
    part: int,
    most: int,
    lease: timedelta,
) -> list[dict[str, Any]]:
    """Lease at most `most` due deliveries, in turn among the organizations.

    A webhook has at most `each` attempts at a time, an organization `part`; `busy` are those of
    each webhook that the caller makes already, and `under_way` their deliveries, which it may still
    have to settle after their lease. The caller owns a delivery until its lease expires.
    """
    if most <= 0:
        return []
    return await database.rows(
        TAKE, each, list(busy), list(busy.values()), most, lease, part, list(under_way)
    )


async def settle(taken: dict[str, Any], answer: Answer, patience: Patience) -> None:
    """Store the result of an attempt. After the lease has expired it changes nothing."""
    webhook = (taken["organization_id"], taken["webhook_id"])
    delivery = (taken["organization_id"], taken["id"], taken["attempts"])
    waits = (patience.first, patience.longest, patience.gives_up_after)
    async with database.transaction():
        await database.rows(LOCK_WEBHOOK, *webhook)
        for row in await database.rows(
            SETTLE, *delivery, answer.status, answer.problem_json, *waits
        ):
            if row["status"] != "PENDING" and not row["again"]:
                await database.rows(NEXT_TURN, *webhook, row["customer_id"])
