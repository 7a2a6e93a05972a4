"""Telling owners before a release: one reminder for each ownership, deadline and offset, ever."""

from uuid import UUID

from models import alarms, database
from models.queue import queue
from models.tables import CUSTOMER_COLUMNS, Customer

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

STILL_HELD = f"""
SELECT {CUSTOMER_COLUMNS}, clock_timestamp() AS now FROM customer c
WHERE c.id = $1 AND c.epoch = $2 AND c.owner_id IS NOT NULL
"""

SOON = f"""
SELECT {CUSTOMER_COLUMNS}, clock_timestamp() AS now FROM customer c
WHERE c.id IN (
  SELECT id FROM customer WHERE release_at BETWEEN now() AND now() + $1 * interval '1 second'
  UNION
  SELECT id FROM customer WHERE next_remind_at BETWEEN now() AND now() + $1 * interval '1 second'
  LIMIT 5000)
"""


async def remind_due() -> int:
    """Remind every owner whose reminder is due; answers how many customers that were."""
    reminded = 0
    while batch := await database.rows(REMIND, BATCH):
        reminded += len(batch)
        await alarms.ring()
    return reminded


async def seconds_left(customer_id: UUID, epoch: int, job_id: str) -> float | None:
    """After a ring: how long this very alarm was early; None if it is done or void.

    A deadline that has moved later gets its own alarms here.
    """
    for row in await database.rows(STILL_HELD, customer_id, epoch):
        pending = alarms.alarms_of(Customer._init_from_db(**row))
        others = [alarm for alarm in pending if alarm.job_id != job_id]
        await queue.send(others, row["now"], ring=False)
        for alarm in pending:
            if alarm.job_id == job_id:
                left: float = (alarm.due - row["now"]).total_seconds()
                return max(0.001, left)
    return None


async def arm_soon(seconds: float) -> None:
    """Arm whatever falls due within so many seconds, in case its alarm was lost."""
    rows = await database.rows(SOON, seconds)
    if rows:
        customers = [Customer._init_from_db(**row) for row in rows]
        pending = [alarm for customer in customers for alarm in alarms.alarms_of(customer)]
        await queue.send(pending, rows[0]["now"], ring=False)
