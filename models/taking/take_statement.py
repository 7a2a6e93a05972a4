"""The statement that takes customers out of the pool: one or many, for one member or several."""

import re
from datetime import datetime
from typing import Any

import orjson

from models import database
from models.tables import CUSTOMER_COLUMNS, Customer, Member
from models.taking.candidates import Candidate
from models.taking.capacity import COUNTED
from models.taking.schedules import schedule_of
from models.telemetry import tracing
from models.viewers import Viewer

ClaimRow = dict[str, Any]

# Only locked rows decide a race: the customer, unchanged since it was read, and the seat's counts.
# Who loses gets no row. Each step names the ids of its rows in an array too: the planner, which
# knows only how large organizations are on the average, could read all rows of one. `own(w)` is
# the organization of the row w.
TEXT = f"""
WITH wanted AS MATERIALIZED (
  -- 1. wanted: each customer and its new owner, by the rules and the revision that were read
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(
    position integer, action text, actor_id uuid, organization_id uuid, customer_id uuid,
    member_id uuid, pool_id uuid, revision text, rules_version integer,
    capacity integer, won_counts boolean, daily_limit integer, won_at timestamptz,
    today date, at timestamptz, release_at timestamptz, release_reason text,
    remind_at timestamptz[], remind_offsets text[], reason text, details jsonb,
    idempotency_key text, request text)
), free AS MATERIALIZED (
  -- 2. free: those without an owner and unchanged, locked in id order
  SELECT w.* FROM wanted w
  JOIN customer c ON c.organization_id = own(w) AND c.id = w.customer_id
    AND c.id = ANY(ARRAY(SELECT customer_id FROM wanted))
  WHERE c.owner_id IS NULL AND c.xmin::text = w.revision
    -- Not joined: among thousands of pools, the planner would begin with all of this version.
    AND w.rules_version = (SELECT p.rules_version FROM pool p
      WHERE p.organization_id = own(c) AND p.id = c.pool_id)
  ORDER BY c.id FOR UPDATE OF c
), seats AS MATERIALIZED (
  -- 3. seats: those of the new owners, locked in id order
  SELECT s.* FROM seat s
  JOIN (SELECT DISTINCT organization_id, pool_id, member_id FROM free) f
    ON s.organization_id = own(f) AND f.pool_id = s.pool_id AND f.member_id = s.member_id
      AND s.pool_id = ANY(ARRAY(SELECT pool_id FROM free))
      AND s.member_id = ANY(ARRAY(SELECT member_id FROM free))
  ORDER BY s.id FOR UPDATE OF s
), fits AS MATERIALIZED (
  -- 4. fits: those within the capacity and the daily limit, in the order of the request
  SELECT * FROM (
    SELECT f.*, s.id AS seat_id, {COUNTED} AS counted,
      CASE WHEN s.claimed_on >= f.today THEN s.claimed_today ELSE 0 END AS claimed_today,
      row_number() OVER (PARTITION BY s.id ORDER BY f.position) AS rank
    FROM free f JOIN seats s ON s.organization_id = f.organization_id
      AND s.pool_id = f.pool_id AND s.member_id = f.member_id
  ) AS ranked
  WHERE (capacity IS NULL OR counted + rank <= capacity)
    AND (daily_limit IS NULL OR claimed_today + rank <= daily_limit)
), seated AS (
  -- 5. seated: the seats count them
  UPDATE seat s SET held = s.held + n.taken, won = s.won + n.won,
    claimed_today = CASE
      WHEN n.claimed = 0 THEN s.claimed_today
      WHEN s.claimed_on >= n.today THEN s.claimed_today + n.claimed ELSE n.claimed END,
    claimed_on = CASE
      WHEN n.claimed = 0 THEN s.claimed_on ELSE greatest(s.claimed_on, n.today) END
  FROM (
    SELECT organization_id, seat_id, count(*) AS taken, count(won_at) AS won,
      count(*) FILTER (WHERE action = 'CLAIMED') AS claimed, max(today) AS today
    FROM fits GROUP BY 1, 2) n
  WHERE s.organization_id = own(n) AND s.id = n.seat_id
    AND s.id = ANY(ARRAY(SELECT seat_id FROM fits))
), taken AS (
  -- 6. taken: the customers have their owners
  UPDATE customer c SET owner_id = f.member_id, epoch = c.epoch + 1, claimed_at = f.at,
    won_at = f.won_at, opened_at = NULL, rules_version = f.rules_version, release_at = f.release_at,
    release_reason = f.release_reason, remind_at = f.remind_at,
    remind_offsets = f.remind_offsets, deal_reported_at = NULL
  FROM fits f WHERE c.organization_id = own(f) AND c.id = f.customer_id
    AND c.id = ANY(ARRAY(SELECT customer_id FROM fits))
  RETURNING c.*, f.action, f.actor_id, f.reason, f.details, f.idempotency_key, f.request
), logged AS (
  -- 7. logged: one event for each, and the answer to its idempotency key
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    due_at, at, reason, details, idempotency_key)
  SELECT organization_id, id, epoch, action, actor_id, owner_id, pool_id, release_at, claimed_at,
    reason, details, NULL FROM taken
  UNION ALL
  SELECT organization_id, NULL, NULL, 'ANSWERED', actor_id, NULL, NULL, NULL, claimed_at,
    NULL, jsonb_build_object('request', request, 'answer', jsonb_build_array(
      jsonb_build_object('type', 'Claimed', 'customer', id))), idempotency_key
  FROM taken WHERE idempotency_key IS NOT NULL
)
SELECT {CUSTOMER_COLUMNS} FROM taken c
"""
# Claims of several organizations share a commit; those of one can be routed to its shard.
OWN = re.compile(r"own\((\w)\)")
TAKE = OWN.sub(r"\1.organization_id", TEXT)
TAKE_OF_ONE = OWN.sub("$2", TEXT)
TAKE_FREE = database.skip_locked(TAKE)
TAKE_FREE_OF_ONE = database.skip_locked(TAKE_OF_ONE)


async def write_claims(rows: list[ClaimRow], *, waits: bool = False) -> list[Customer]:
    """Return the customers that were still as read and within the limits, with their new owner.

    A claim whose customer or seat is in use gets none, unless it `waits`.
    """
    wanted = numbered(rows)
    organizations = {row["organization_id"] for row in rows}
    if len(organizations) != 1:
        return await database.models(Customer, TAKE if waits else TAKE_FREE, wanted)
    sql = TAKE_OF_ONE if waits else TAKE_FREE_OF_ONE
    return await database.models(Customer, sql, wanted, *organizations)


def numbered(rows: list[ClaimRow]) -> str:
    """Return the rows as JSON. orjson writes moments in a tenth of the time that Python takes."""
    return orjson.dumps([row | {"position": n} for n, row in enumerate(rows)], str).decode()


def claim_row(
    viewer: Viewer | None,
    candidate: Candidate,
    member: Member,
    *,
    assigned: bool,
    won_at: datetime | None = None,
) -> ClaimRow:
    """Return a row of `wanted` in TAKE; `won_at` if the customer comes back signed.

    Without a viewer it is the pool's rule that assigns.
    """
    customer, rules, now = candidate.customer, candidate.rules, candidate.now
    times = schedule_of(candidate, member, by_another=assigned, won_at=won_at)
    return times.columns() | {
        "action": "ASSIGNED" if assigned else "CLAIMED",
        "actor_id": viewer and str(viewer.id),
        "organization_id": str(customer.organization_id),
        "customer_id": str(customer.id),
        "member_id": str(member.id),
        "pool_id": str(customer.pool_id),
        "revision": candidate.revision,
        "rules_version": candidate.rules_version,
        "capacity": rules.capacity_for(member.id, member.lineage),
        "won_counts": rules.won_count,
        "daily_limit": None if assigned else rules.daily_claim_limit,
        "won_at": won_at,
        "today": candidate.calendar.day_of(now),
        "at": now,
        "details": tracing.details(),
    }
