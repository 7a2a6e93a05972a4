"""Reminders before a release: one for each ownership, deadline, offset and rules version, ever."""

from typing import Any
from uuid import UUID

from models import database
from models.holding import alarms
from models.telemetry import metrics, tracing
from models.telemetry.lateness import Stopwatch

BATCH = 500


def _remind(which: str, popped: str) -> str:
    return f"""
WITH due AS MATERIALIZED (
  -- 1. Lock the customers whose next reminder is due; the rules have not changed since.
  SELECT c.organization_id, c.id, c.remind_at, c.remind_offsets, c.unannounced_rules_version
  FROM customer c JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
    AND p.rules_version = c.rules_version
  WHERE c.next_remind_at <= now() AND c.release_at > now(){which}
  ORDER BY c.next_remind_at LIMIT $1 FOR UPDATE OF c SKIP LOCKED
), rung AS MATERIALIZED (
  -- 2. Their due reminders. 'nearer' names the rules that moved the release; migration 0036 keeps
  --    it as 'nearer VERSION DATE' for the release before.
  SELECT d.organization_id, d.id, r.at,
    CASE WHEN r.span LIKE 'nearer%' THEN 'nearer' ELSE r.span END AS span,
    CASE WHEN r.span LIKE 'nearer%' THEN d.unannounced_rules_version END AS rules_version
  FROM due d, unnest(d.remind_at, d.remind_offsets) AS r(at, span) WHERE r.at <= now()
), popped AS (
  -- 3. Remove them. 'nearer' is always the first, so the owner now knows the release.
  UPDATE customer c SET remind_at = c.remind_at[n.rung + 1:],
    remind_offsets = c.remind_offsets[n.rung + 1:],
    unannounced_rules_version = NULL, announced_release_at = NULL
  FROM (SELECT organization_id, id, count(*)::integer AS rung, min(at) AS due FROM rung
    GROUP BY 1, 2) n
  WHERE {popped} AND c.id = n.id
  RETURNING c.*, n.due
), logged AS (
  -- 4. One event for each; a second one of the same reminder is dropped.
  INSERT INTO event (organization_id, customer_id, epoch, action, member_id, release_reason,
    pool_id, due_at, details)
  SELECT p.organization_id, p.id, p.epoch, 'REMINDED', p.owner_id, p.release_reason,
    p.pool_id, p.release_at,
    jsonb_strip_nulls(jsonb_build_object('offset', r.span, 'rules_version', r.rules_version,
      'traceparent', $2::text))
  FROM popped p JOIN rung r ON r.organization_id = p.organization_id AND r.id = p.id
  ORDER BY r.at
  ON CONFLICT DO NOTHING
)
SELECT {alarms.COLUMNS}, c.due, now() AS began FROM popped c
"""


REMIND = _remind("", "c.organization_id = n.organization_id")
# Why ids are in an array too: see models/taking/take_statement.py.
REMIND_OF = _remind(
    " AND c.organization_id = $3",
    "c.organization_id = $3 AND c.id = ANY(ARRAY(SELECT id FROM rung))",
)


async def remind_due(organization_id: UUID | None = None) -> int:
    """Remind the owner of each customer whose reminder is due; return how many customers.

    Of one organization, or of all in common statements. Then arm the customers' next alarms.
    """
    reminded = 0
    while batch := await _remind_batch(organization_id):
        reminded += len(batch)
        await alarms.arm_rows(batch, ring=True)
    return reminded


async def _remind_batch(organization_id: UUID | None) -> list[dict[str, Any]]:
    """Return what names the next alarms of the customers whose owners were reminded."""
    watch = Stopwatch()
    if organization_id is None:
        rows = await database.rows(REMIND, BATCH, tracing.carry())
    else:
        rows = await database.rows(REMIND_OF, BATCH, tracing.carry(), organization_id)
    began = [row.pop("began") for row in rows]
    due = [row.pop("due") for row in rows]
    if rows:
        watch.observe(metrics.reminder_lateness, began[0], due)
    return rows


async def ring_reminder(
    customer_id: UUID, epoch: int, job_id: str, *, of_one: bool = False
) -> float | None:
    """A reminder alarm rings: remind of what is due, or only `of_one` organization.

    Return in how many seconds the job must ring again, None if it is done or obsolete.
    """
    if of_one:
        for row in await database.rows(alarms.ORGANIZATION_OF, customer_id):
            await remind_due(row["organization_id"])
    else:
        await remind_due()
    return await alarms.seconds_left(customer_id, epoch, job_id)
