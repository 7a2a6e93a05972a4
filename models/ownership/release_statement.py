"""The statement that releases customers: by hand, by rule, or those of a leaver."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from models import database
from models.holding import alarms
from models.queue.queue import queue
from models.rules.deadlines import ReleaseReason
from models.telemetry import tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Why, and who did it; without a reason the row's own rule released the customer.

    `words` are for a person. `to_pool` is the pool to go to; without one, the rules say where.
    """

    reason: ReleaseReason | None = None
    words: str | None = None
    actor_id: UUID | None = None
    to_pool: UUID | None = None


# After a wait for its lock a seat is newer than the snapshot, so its new counts come from the
# locked row. An owner whose seat is skipped, or unknown to the snapshot, keeps the customer until
# the next attempt.
RELEASE_PICKED = """), seats AS MATERIALIZED (
  -- 2. seats: those of the owners, locked in id order, with their new counts
  SELECT s.organization_id, s.id, s.pool_id, s.member_id, s.held - n.held AS held,
    s.won - n.won AS won
  FROM seat s JOIN (
    SELECT organization_id, pool_id, owner_id, count(*) AS held, count(won_at) AS won
    FROM picked GROUP BY 1, 2, 3
  ) n ON {locks} AND n.pool_id = s.pool_id AND n.owner_id = s.member_id
  ORDER BY s.id FOR UPDATE OF s
), seated AS (
  -- 3. seated: the seats no longer count them
  UPDATE seat s SET held = n.held, won = n.won FROM seats n
  WHERE {counts} AND s.id = n.id
), released AS (
  -- 4. released: the customers are in a pool, without anything of their ownership. Where the
  --    rules sent them, no lock for new customers begins.
  UPDATE customer c SET owner_id = NULL, epoch = c.epoch + 1, opened_at = now(),
    pool_id = p.to_pool,
    entered_at = CASE WHEN $4::uuid <> c.pool_id THEN now() ELSE c.entered_at END,
    claimed_at = NULL, followed_up_at = NULL, won_at = NULL, locked_at = NULL,
    extended_to = NULL, deal_reported_at = NULL, rules_version = NULL, release_at = NULL,
    release_reason = NULL, remind_at = DEFAULT, remind_offsets = DEFAULT,
    unannounced_rules_version = NULL, announced_release_at = NULL
  FROM picked p WHERE {releases} AND c.id = p.id AND EXISTS (
    SELECT FROM seats n WHERE n.organization_id = p.organization_id AND n.pool_id = p.pool_id
      AND n.member_id = p.owner_id)
  RETURNING c.*, p.owner_id AS former_id, p.epoch AS held_epoch, p.release_at AS was_due_at,
    p.release_reason AS rule, p.remind_at AS were_due, p.remind_offsets AS were_offsets,
    p.pool_id AS left_pool, p.rules_version AS ruled_by, p.won_at AS was_won_at
), logged AS (
  -- 5. logged: one event for each, after a release by rule with what an undo needs,
  --    and the reminders that nobody told in time
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, former_id,
    reason, release_reason, pool_id, due_at, details)
  SELECT organization_id, id, held_epoch, 'RELEASED', $3::uuid, former_id, former_id,
    coalesce($1::text, rule), coalesce($1::text, rule), pool_id, was_due_at,
    jsonb_strip_nulls(jsonb_build_object(
      'from_pool', CASE WHEN pool_id <> left_pool THEN left_pool END,
      'rules_version', CASE WHEN $1::text IS NULL THEN ruled_by END,
      'won_at', CASE WHEN $1::text IS NULL THEN was_won_at END,
      'missed_reminders', CASE WHEN $1::text IS NULL THEN (
        SELECT jsonb_agg(split_part(r.span, ' ', 1) ORDER BY r.at)
        FROM unnest(were_due, were_offsets) AS r(at, span) WHERE r.at <= now()) END,
      'traceparent', $5::text))
  FROM released RETURNING organization_id, id, customer_id
), texted AS (
  -- 6. texted: why, in a person's words
  INSERT INTO event_text (organization_id, id, customer_id, reason)
  SELECT organization_id, id, customer_id, $2::text FROM logged WHERE $2::text IS NOT NULL
)
SELECT c.id, c.held_epoch, c.was_due_at, c.were_due, c.were_offsets"""
# A batch has only customers whose seats are free too: otherwise one seat in use could fill it.
WITH_SEATS = """JOIN seat s ON s.organization_id = c.organization_id AND s.pool_id = c.pool_id
    AND s.member_id = c.owner_id"""


OF_EACH = {
    "locks": "s.organization_id = n.organization_id",
    "counts": "s.organization_id = n.organization_id",
    "releases": "c.organization_id = p.organization_id",
}


def _of_one(organization: str) -> dict[str, str]:
    """Like OF_EACH; why ids are in arrays too says models/taking/take_statement.py."""
    return {
        "locks": f"""s.organization_id = {organization} AND s.pool_id = ANY(ARRAY(
      SELECT pool_id FROM picked)) AND s.member_id = ANY(ARRAY(SELECT owner_id FROM picked))""",
        "counts": f"s.organization_id = {organization} AND s.id = ANY(ARRAY(SELECT id FROM seats))",
        "releases": f"""c.organization_id = {organization}
    AND c.id = ANY(ARRAY(SELECT id FROM picked))""",
    }


def release_sql(which: str, columns: str = "", organization: str | None = None) -> str:
    """Return the statement that releases the held customers `c` that `which` joins and locks.

    `p` is the pool of each.
    $1 to $4 are the fields of Release, $5 is what the event keeps of the present span; `which` may
    use $6 and more. It answers what names their alarms, and `columns` of them as they are then.
    `organization` is the parameter of the one that they are of.
    """
    picked = RELEASE_PICKED.format(**(_of_one(organization) if organization else OF_EACH))
    return f"""
WITH picked AS MATERIALIZED (
  -- 1. picked: the customers, locked, as they are held
  SELECT c.organization_id, c.id, c.owner_id, c.pool_id, c.won_at, c.epoch, c.release_at,
    c.release_reason, c.rules_version, c.remind_at, c.remind_offsets,
    coalesce($4::uuid, p.release_to, c.pool_id) AS to_pool
  FROM customer c JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
  {which}
{picked}{columns and ", " + columns}
FROM released c
"""


async def write_release(sql: str, release: Release, *values: object) -> list[asyncpg.Record]:
    """Write a release, then take its alarms off the queue and ring; return what `sql` answers."""
    reason = release.reason and str(release.reason)
    stamp = (reason, release.words, release.actor_id, release.to_pool, tracing.carry())
    released = await database.records(sql, *stamp, *values)
    if released:
        useless = [job_id for row in released for job_id in _alarms_before(row)]
        await database.after_commit(lambda: queue.send((), None, ring=True, useless=useless))
    return released


def _alarms_before(row: asyncpg.Record) -> list[str]:
    reminders = zip(row["were_due"], row["were_offsets"], strict=True)
    return alarms.job_ids(row["id"], row["held_epoch"], row["was_due_at"], reminders)
