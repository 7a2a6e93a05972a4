"""Back to the pool: by hand, by rule, by a leaver. One statement and one tail for all of them."""

import asyncio
from uuid import UUID

from models import alarms, database
from models.deadlines import ReleaseReason
from models.ledger import once
from models.outcomes import Outcome, Released
from models.queue import Alarm, queue
from models.refusals import InvalidInput, NotFound, NotHolder, Problem
from models.tables import CUSTOMER_COLUMNS, Customer
from models.texts import Text
from models.viewers import Viewer, find_one, seen_pool

ATTEMPTS = 10
BATCH = 500
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
    remind_at = '{{}}', remind_offsets = '{{}}'
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
# A customer whose rules have changed meanwhile is evaluated anew first, never released by old ones.
DUE = RELEASE.replace(
    "{which}",
    """
  JOIN pool p ON p.id = c.pool_id AND p.rules_version = c.rules_version
  WHERE c.release_at <= now() ORDER BY c.release_at LIMIT $5 FOR UPDATE OF c SKIP LOCKED""",
)
CHOSEN = RELEASE.replace(
    "{which}",
    """
  WHERE c.organization_id = $5 AND c.id = $6 AND c.pool_id = $7 AND c.owner_id IS NOT NULL
    AND ($8::uuid IS NULL OR c.owner_id = $8) FOR UPDATE""",
)
LEAVERS = RELEASE.replace(
    "{which}",
    """
  JOIN member m ON m.id = c.owner_id AND NOT m.active
  WHERE m.id = $5 ORDER BY c.id LIMIT $6 FOR UPDATE OF c""",
)
# Whoever comes first, the sweep or the request itself, lets them go as the ledger says.
LEFT = """
SELECT m.id, l.actor_id, l.pool_id FROM member m LEFT JOIN LATERAL (
  SELECT actor_id, pool_id FROM event WHERE member_id = m.id AND action = 'MEMBER_LEFT'
  ORDER BY seq DESC LIMIT 1
) AS l ON true
WHERE NOT m.active AND EXISTS (SELECT FROM customer c WHERE c.owner_id = m.id)
"""
WENT_BACK = """
SELECT count(*) AS count FROM event
WHERE member_id = $1 AND action = 'RELEASED' AND release_reason = 'MEMBER_LEFT'
"""


class Drain:
    """Releases all that is due; one at a time, and a call meanwhile makes it look again."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._again = False

    async def __call__(self) -> int:
        self._again = True
        released = 0
        async with self._lock:
            while self._again:
                self._again = False
                while batch := await _released(DUE, None, None, None, None, BATCH):
                    released += len(batch)
        return released


release_due = Drain()


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
            database.let_go()
        raise RuntimeError(f"customer {customer_id} changed {ATTEMPTS} times under a release")

    return (await once(viewer, key, request, act))[0]


async def release_all_of(member_id: UUID, actor_id: UUID | None, pool_id: UUID | None) -> int:
    """Release all that a leaver holds, into a pool if named; answers how many went back by now."""
    reason = ReleaseReason.MEMBER_LEFT
    while await _released(LEAVERS, reason, None, actor_id, pool_id, member_id, BATCH):
        pass
    return await gone_back_from(member_id)


async def gone_back_from(member_id: UUID) -> int:
    """How many customers of a leaver ever went back."""
    return int((await database.rows(WENT_BACK, member_id))[0]["count"])


async def release_leavers() -> int:
    """Release what members who have left still hold, as was said when they left."""
    leavers = await database.rows(LEFT)
    for leaver in leavers:
        await release_all_of(leaver["id"], leaver["actor_id"], leaver["pool_id"])
    return len(leavers)


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
    return [Customer._init_from_db(**row) for row in rows]


def _alarms_before(row: dict[str, object]) -> list[Alarm]:
    before = Customer._init_from_db(**row)
    before.epoch = row["held_epoch"]  # type: ignore[assignment]
    before.release_at = row["was_due_at"]  # type: ignore[assignment]
    before.remind_at = row["were_due"]  # type: ignore[assignment]
    before.remind_offsets = row["were_offsets"]  # type: ignore[assignment]
    return alarms.alarms_of(before)


def _check_reason(reason: str) -> None:
    if not 1 <= len(reason.strip()) <= REASON_LENGTH or "\0" in reason:
        raise InvalidInput(
            (Problem("reason", Text("say why, in 1 to {most} characters", most=REASON_LENGTH)),)
        )
