"""Telling owners before a release: one reminder for each ownership, deadline and offset, ever."""

from models import database
from models.holding import alarms

BATCH = 500

REMIND = """
WITH due AS MATERIALIZED (
  SELECT c.id, c.remind_at, c.remind_offsets FROM customer c
  JOIN pool p ON p.id = c.pool_id AND p.rules_version = c.rules_version
  WHERE c.next_remind_at <= now() AND c.release_at > now()
  ORDER BY c.next_remind_at LIMIT $1 FOR UPDATE OF c SKIP LOCKED
), rung AS MATERIALIZED (
  SELECT d.id, r.at, r.span FROM due d,
    unnest(d.remind_at, d.remind_offsets) AS r(at, span) WHERE r.at <= now()
), popped AS (
  UPDATE customer c SET remind_at = c.remind_at[n.rung + 1:],
    remind_offsets = c.remind_offsets[n.rung + 1:]
  FROM (SELECT id, count(*)::integer AS rung FROM rung GROUP BY id) n WHERE c.id = n.id
  RETURNING c.*
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, member_id, release_reason,
    pool_id, due_at, details)
  SELECT p.organization_id, p.id, p.epoch, 'REMINDED', p.owner_id, p.release_reason,
    p.pool_id, p.release_at, jsonb_build_object('offset', r.span)
  FROM popped p JOIN rung r ON r.id = p.id ORDER BY r.at
  ON CONFLICT DO NOTHING
)
SELECT id FROM popped
"""


async def remind_due() -> int:
    """Remind every owner whose reminder is due; answers how many customers that were."""
    reminded = 0
    while batch := await database.rows(REMIND, BATCH):
        reminded += len(batch)
        await alarms.ring()
    return reminded
