"""Back to the pool: by hand, by rule, by a leaver. One statement and one tail for all of them."""

from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.idempotency import idempotent
from models.ledger.outcomes import Outcome, Released
from models.queue.jobs import Alarm
from models.queue.queue import queue
from models.refusals import InvalidInput, NotFound, NotHolder
from models.rules.deadlines import ReleaseReason
from models.tables import CUSTOMER_COLUMNS, Customer
from models.texts.text import Text
from models.viewers import Viewer, find_one, seen_pool

ATTEMPTS = 10
REASON_LENGTH = 500

# $1 reason (null: the rule's), $2 words for a person, $3 actor, $4 pool to go to (null: its own)
# A row that was waited for is newer than the statement's snapshot. So a seat's counts are worked
# out from the locked seat: worked out in the UPDATE they would first be those of the snapshot, and
# fail its checks. And an owner whose seat is too new to be seen keeps the customer until the next
# look.
RELEASE = f"""
WITH picked AS MATERIALIZED (
  SELECT c.id, c.owner_id, c.pool_id, c.won_at, c.epoch, c.release_at, c.release_reason,
    c.rules_version, c.remind_at, c.remind_offsets
  FROM customer c {{which}}
), seats AS MATERIALIZED (
  SELECT s.id, s.pool_id, s.member_id, s.held - n.held AS held, s.won - n.won AS won
  FROM seat s JOIN (
    SELECT pool_id, owner_id, count(*) AS held, count(won_at) AS won FROM picked GROUP BY 1, 2
  ) n ON n.pool_id = s.pool_id AND n.owner_id = s.member_id
  ORDER BY s.id FOR UPDATE OF s
), seated AS (
  UPDATE seat s SET held = n.held, won = n.won FROM seats n WHERE s.id = n.id
), released AS (
  UPDATE customer c SET owner_id = NULL, epoch = c.epoch + 1, opened_at = now(),
    pool_id = coalesce($4::uuid, c.pool_id),
    entered_at = CASE WHEN $4::uuid <> c.pool_id THEN now() ELSE c.entered_at END,
    claimed_at = NULL, followed_up_at = NULL, won_at = NULL, locked_at = NULL,
    extended_to = NULL, rules_version = NULL, release_at = NULL, release_reason = NULL,
    remind_at = '{{}}', remind_offsets = '{{}}',
    unannounced_rules_version = NULL, announced_release_at = NULL
  FROM picked p JOIN seats n ON n.pool_id = p.pool_id AND n.member_id = p.owner_id
  WHERE c.id = p.id
  RETURNING c.*, p.owner_id AS former_id, p.epoch AS held_epoch, p.release_at AS was_due_at,
    p.release_reason AS rule, p.remind_at AS were_due, p.remind_offsets AS were_offsets,
    p.pool_id AS left_pool, p.rules_version AS ruled_by, p.won_at AS was_won_at
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, former_id,
    reason, release_reason, pool_id, due_at, details)
  SELECT organization_id, id, held_epoch, 'RELEASED', $3::uuid, former_id, former_id,
    coalesce($2::text, $1::text, rule), coalesce($1::text, rule), pool_id, was_due_at,
    CASE WHEN pool_id = left_pool THEN '{{}}'::jsonb
      ELSE jsonb_build_object('from_pool', left_pool) END
    || CASE WHEN $1::text IS NULL THEN jsonb_strip_nulls(
      jsonb_build_object('rules_version', ruled_by, 'won_at', was_won_at))
      ELSE '{{}}'::jsonb END
  FROM released
)
SELECT {CUSTOMER_COLUMNS}, c.held_epoch, c.was_due_at, c.were_due, c.were_offsets
FROM released c
"""
CHOSEN = RELEASE.replace(
    "{which}",
    """
  WHERE c.organization_id = $5 AND c.id = $6 AND c.pool_id = $7 AND c.owner_id IS NOT NULL
    AND ($8::uuid IS NULL OR c.owner_id = $8) FOR UPDATE""",
)


async def give_back(
    viewer: Viewer,
    customer_id: UUID | None,
    reason: str,
    pool_id: UUID | None,
    key: str | None,
) -> Outcome:
    """Release by hand: its owner, or an administrator of its pool; to another pool if named."""
    request = ["release", str(customer_id), reason, str(pool_id)]

    async def act() -> list[Outcome]:
        _check_reason(reason)
        for _ in range(ATTEMPTS):
            customer = await find_one(viewer, Customer, customer_id)
            if not viewer.sees(customer):
                raise NotFound
            target = (await seen_pool(viewer, pool_id)).id if pool_id else None
            owner_id = None if viewer.administers(customer.pool_id) else viewer.id
            if customer.owner_id is None or owner_id not in (None, customer.owner_id):
                raise NotHolder
            for released in await _released(
                CHOSEN,
                ReleaseReason.GIVEN_BACK,
                reason.strip(),
                viewer.id,
                target,
                viewer.organization.id,
                customer.id,
                customer.pool_id,
                owner_id,
            ):
                return [Released(released)]
            database.restart_transaction()
        raise RuntimeError(f"customer {customer_id} changed {ATTEMPTS} times under a release")

    return (await idempotent(viewer, key, request, act))[0]


async def _released(
    sql: str,
    reason: ReleaseReason | None,
    words: str | None,
    actor_id: UUID | None,
    pool_id: UUID | None,
    *values: object,
) -> list[Customer]:
    rows = await database.rows(sql, reason and str(reason), words, actor_id, pool_id, *values)
    useless = [alarm.job_id for row in rows for alarm in _alarms_before(row)]
    if rows:
        await database.after_commit(lambda: queue.drop(useless))
        await alarms.ring()
    return [database.as_model(Customer, row) for row in rows]


def _alarms_before(row: dict[str, object]) -> list[Alarm]:
    before = database.as_model(Customer, row)
    before.epoch = row["held_epoch"]  # type: ignore[assignment]
    before.release_at = row["was_due_at"]  # type: ignore[assignment]
    before.remind_at = row["were_due"]  # type: ignore[assignment]
    before.remind_offsets = row["were_offsets"]  # type: ignore[assignment]
    return alarms.alarms_of(before)


def _check_reason(reason: str) -> None:
    if not 1 <= len(reason.strip()) <= REASON_LENGTH or "\0" in reason:
        raise InvalidInput.at(
            "reason", Text("say why, in 1 to {most} characters", most=REASON_LENGTH)
        )
