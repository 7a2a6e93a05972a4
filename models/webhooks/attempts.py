"""A worker takes the deliveries that are due, to post them. For all organizations."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database

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
  e.id AS event_id, e.action, e.at, coalesce(x.reason, e.reason) AS reason,
  (e.details ->> 'count')::integer AS count, e.details ->> 'traceparent' AS origin,
  c.id AS customer_id, c.name AS customer_name,
  a.id AS actor_id, a.name AS actor_name, m.id AS member_id, m.name AS member_name
FROM taken t
  JOIN webhook w ON w.organization_id = t.organization_id AND w.id = t.webhook_id
  JOIN event e ON e.organization_id = t.organization_id AND e.id = t.event_id
  LEFT JOIN event_text x ON x.organization_id = t.organization_id AND x.id = t.event_id
  JOIN customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id
  LEFT JOIN member a ON a.organization_id = t.organization_id AND a.id = e.actor_id
  LEFT JOIN member m ON m.organization_id = t.organization_id AND m.id = e.member_id
"""


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
