"""A worker takes the deliveries that are due, to post them: of one organization, or of all."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database

# A row for each organization with a due delivery, the longest due first.
ORGANIZATIONS_DUE = """
SELECT w.organization_id FROM webhook w, LATERAL (
  SELECT next_at FROM webhook_delivery
  WHERE organization_id = w.organization_id AND webhook_id = w.id AND next_at <= now()
  ORDER BY next_at LIMIT 1) AS d
GROUP BY 1 ORDER BY min(d.next_at)
"""


# Taking a delivery moves next_at forward (lease), so a crashed worker's delivery is retried.
def _take(which: str, webhook: str, chosen: str, due: str, taken: str) -> str:
    """`which` names the webhooks; the others are the organization of a row of their step."""
    return f"""
-- 1. How many more attempts each URL may have at a time, and how many its organization has.
WITH free AS (
  SELECT w.organization_id, w.id, greatest(0, $1 - coalesce(b.busy, 0)) AS room,
    sum(coalesce(b.busy, 0)) OVER (PARTITION BY w.organization_id) AS busy
  FROM webhook w LEFT JOIN unnest($2::uuid[], $3::int[]) AS b(id, busy) ON b.id = w.id{which}
-- 2. The deliveries that are due, the longest due first for each URL; each takes a place of its
--    organization.
), waiting AS (
  SELECT w.organization_id, d.id, d.next_at,
    w.busy + row_number() OVER (PARTITION BY w.organization_id ORDER BY d.next_at) AS place
  FROM free w, LATERAL (
    SELECT id, next_at FROM webhook_delivery
    WHERE organization_id = {webhook} AND webhook_id = w.id AND next_at <= now()
      AND id <> ALL($7)
    ORDER BY next_at LIMIT w.room) AS d
-- 3. In turn among the organizations, the one that has the fewest places first.
), chosen AS (
  SELECT * FROM waiting WHERE place <= $6 ORDER BY place, next_at LIMIT $4
), due AS MATERIALIZED (
  SELECT d.organization_id, d.id FROM webhook_delivery d
  JOIN chosen c ON d.organization_id = {chosen} AND c.id = d.id
  WHERE d.next_at <= now() FOR UPDATE OF d SKIP LOCKED
-- 4. Lease them.
), taken AS (
  UPDATE webhook_delivery d SET attempts = d.attempts + 1, attempted_at = now(),
    next_at = now() + $5::interval
  FROM due WHERE d.organization_id = {due} AND d.id = due.id RETURNING d.*
){_message(taken)}"""


def _message(taken: str) -> str:
    return f"""
-- 5. What the message says.
SELECT t.organization_id, t.id, t.webhook_id, t.attempts, t.attempted_at, w.url, w.secret,
  e.id AS event_id, e.action, e.at, coalesce(x.reason, e.reason) AS reason,
  (e.details ->> 'count')::integer AS count, e.details ->> 'traceparent' AS origin,
  c.id AS customer_id, c.name AS customer_name,
  a.id AS actor_id, a.name AS actor_name, m.id AS member_id, m.name AS member_name
FROM taken t
  JOIN webhook w ON w.organization_id = {taken} AND w.id = t.webhook_id
  JOIN event e ON e.organization_id = {taken} AND e.id = t.event_id
  LEFT JOIN event_text x ON x.organization_id = {taken} AND x.id = t.event_id
  JOIN customer c ON c.organization_id = {taken} AND c.id = t.customer_id
  LEFT JOIN member a ON a.organization_id = {taken} AND a.id = e.actor_id
  LEFT JOIN member m ON m.organization_id = {taken} AND m.id = e.member_id
"""


TAKE = _take(
    which="",
    webhook="w.organization_id",
    chosen="c.organization_id",
    due="due.organization_id",
    taken="t.organization_id",
)
# Why ids are in arrays too: see models/taking/take_statement.py.
TAKE_OF = _take(
    which=" WHERE w.organization_id = $8",
    webhook="$8",
    chosen="$8 AND d.id = ANY(ARRAY(SELECT id FROM chosen))",
    due="$8 AND d.id = ANY(ARRAY(SELECT id FROM due))",
    taken="$8",
)


async def take(
    busy: dict[UUID, int],
    under_way: Collection[UUID] = (),
    organization_id: UUID | None = None,
    *,
    each: int,
    part: int,
    most: int,
    lease: timedelta,
) -> list[dict[str, Any]]:
    """Lease at most `most` due deliveries of one organization, or in turn among all.

    A webhook has at most `each` attempts at a time, an organization `part`; `busy` are those of
    each webhook that the caller makes already, and `under_way` their deliveries, which it may still
    have to settle after their lease. The caller owns a delivery until its lease expires.
    """
    if most <= 0:
        return []
    values = (each, list(busy), list(busy.values()), most, lease, part, list(under_way))
    if organization_id is None:
        return await database.rows(TAKE, *values)
    return await database.rows(TAKE_OF, *values, organization_id)
