"""Customers taken out of the pool by one statement: one or many, for one member or several."""

import json
from datetime import datetime
from typing import Any

from models import database
from models.ownership.candidates import Candidate
from models.rules.deadlines import Facts
from models.rules.schedule import Schedule, schedule
from models.tables import CUSTOMER_COLUMNS, Customer, Member
from models.viewers import Viewer

ClaimRow = dict[str, Any]

# Lock order: customers by id, then seats by id. What decides stands on the locked rows: the
# customer as it was read (its owner and epoch, and the level that its deadline was worked out
# for), the seat's counts. The loser sees no row.
TAKE = f"""
WITH wanted AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(
    place integer, action text, actor_id uuid, organization_id uuid, customer_id uuid,
    member_id uuid, pool_id uuid, revision text, rules_version integer,
    capacity integer, won_counts boolean, daily_limit integer, won_at timestamptz,
    today date, at timestamptz, release_at timestamptz, release_reason text,
    remind_at timestamptz[], remind_offsets text[], reason text, details jsonb)
), free AS MATERIALIZED (
  SELECT w.* FROM customer c JOIN wanted w ON w.customer_id = c.id
  JOIN pool p ON p.id = c.pool_id AND p.rules_version = w.rules_version
  WHERE c.organization_id = w.organization_id AND c.owner_id IS NULL AND c.xmin::text = w.revision
  ORDER BY c.id FOR UPDATE OF c
), seats AS MATERIALIZED (
  SELECT s.* FROM seat s
  JOIN (SELECT DISTINCT pool_id, member_id FROM free) f
    ON f.pool_id = s.pool_id AND f.member_id = s.member_id
  ORDER BY s.id FOR UPDATE OF s
), fits AS MATERIALIZED (
  SELECT * FROM (
    SELECT f.*, s.id AS seat_id,
      s.held - CASE WHEN f.won_counts THEN 0 ELSE s.won END AS counted,
      CASE WHEN s.claimed_on >= f.today THEN s.claimed_today ELSE 0 END AS claimed_today,
      row_number() OVER (PARTITION BY s.id ORDER BY f.place) AS rank
    FROM free f JOIN seats s ON s.pool_id = f.pool_id AND s.member_id = f.member_id
  ) AS ranked
  WHERE (capacity IS NULL OR counted + rank <= capacity)
    AND (daily_limit IS NULL OR claimed_today + rank <= daily_limit)
), seated AS (
  UPDATE seat s SET held = s.held + n.taken, won = s.won + n.won,
    claimed_today = CASE
      WHEN n.claimed = 0 THEN s.claimed_today
      WHEN s.claimed_on >= n.today THEN s.claimed_today + n.claimed ELSE n.claimed END,
    claimed_on = CASE
      WHEN n.claimed = 0 THEN s.claimed_on ELSE greatest(s.claimed_on, n.today) END
  FROM (
    SELECT seat_id, count(*) AS taken, count(won_at) AS won,
      count(*) FILTER (WHERE action = 'CLAIMED') AS claimed, max(today) AS today
    FROM fits GROUP BY 1) n
  WHERE s.id = n.seat_id
), taken AS (
  UPDATE customer c SET owner_id = f.member_id, epoch = c.epoch + 1, claimed_at = f.at,
    won_at = f.won_at, opened_at = NULL, rules_version = f.rules_version, release_at = f.release_at,
    release_reason = f.release_reason, remind_at = f.remind_at,
    remind_offsets = f.remind_offsets
  FROM fits f WHERE c.id = f.customer_id
  RETURNING c.*, f.action, f.actor_id, f.reason, f.details
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    due_at, at, reason, details)
  SELECT organization_id, id, epoch, action, actor_id, owner_id, pool_id, release_at, claimed_at,
    reason, coalesce(details, '{{}}') FROM taken
)
SELECT {CUSTOMER_COLUMNS} FROM taken c
"""


async def write_claims(places: list[ClaimRow]) -> list[Customer]:
    numbered = [each | {"place": n} for n, each in enumerate(places)]
    rows = await database.rows(TAKE, json.dumps(numbered))
    return [database.as_model(Customer, row) for row in rows]


def claim_row(
    viewer: Viewer,
    candidate: Candidate,
    member: Member,
    *,
    assigned: bool,
    won_at: datetime | None = None,
) -> ClaimRow:
    """As a row of TAKE; `won_at` where a signed customer comes back to whom it was taken from."""
    customer, rules, now = candidate.customer, candidate.rules, candidate.now
    return schedule_of(candidate, by_another=assigned, won_at=won_at).to_json() | {
        "action": "ASSIGNED" if assigned else "CLAIMED",
        "actor_id": str(viewer.id),
        "organization_id": str(customer.organization_id),
        "customer_id": str(customer.id),
        "member_id": str(member.id),
        "pool_id": str(customer.pool_id),
        "revision": candidate.revision,
        "rules_version": candidate.rules_version,
        "capacity": rules.capacity_for(member.id, member.department_id),
        "won_counts": rules.won_count,
        "daily_limit": None if assigned else rules.daily_claim_limit,
        "won_at": won_at and won_at.isoformat(),
        "today": candidate.calendar.day_of(now).isoformat(),
        "at": now.isoformat(),
    }


def schedule_of(
    candidate: Candidate, *, by_another: bool, won_at: datetime | None = None
) -> Schedule:
    facts = Facts(claimed_at=candidate.now, won_at=won_at, level=candidate.customer.level)
    return schedule(
        candidate.rules, facts, candidate.calendar, candidate.now, by_another=by_another
    )
