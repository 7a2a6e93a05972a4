"""Each morning administrators, and who leads an owner, hear what is about to be released."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models import database
from models.holding import alarms
from models.rules.calendars import Calendar
from models.rules.holidays import stored_calendar
from models.rules.mornings import morning_of, next_morning, told_until
from models.rules.rules import parsed_rules
from models.sharding.share import ALL, Share
from models.tables import LED_BY_MEMBER, OPENS_TO_MEMBER, ORGANIZATION_COLUMNS, works_in

# An alert lists so many customers, and counts the others.
LISTED = 20

DUE = f"""
SELECT {ORGANIZATION_COLUMNS}, p.id AS pool_id, p.rules, now() AS now
FROM pool p JOIN organization o ON o.id = p.organization_id
WHERE (p.rules ->> 'escalate_before') IS NOT NULL
  AND (o.escalates_at IS NULL OR o.escalates_at <= now())
ORDER BY o.id, p.id
"""
# As models/viewers.py says who administers a pool.
ADMINISTERS = f"""(m.role = 'ADMIN' OR EXISTS (
    SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = w.pool_id AND (
      a.member_id = m.id AND a.administers OR m.role = 'MANAGER' AND {OPENS_TO_MEMBER})))"""
ESCALATE = f"""
WITH turn AS MATERIALIZED (
  -- 1. turn: the organization, unless another worker told it today
  UPDATE organization SET escalates_at = $3
  WHERE id = $1 AND (escalates_at IS NULL OR escalates_at <= now()) RETURNING id
), at_risk AS MATERIALIZED (
  -- 2. at_risk: what is released soon, each owner's in the order of their releases
  SELECT c.id, c.epoch, c.pool_id, c.owner_id, c.release_at,
    row_number() OVER (PARTITION BY c.pool_id, c.owner_id ORDER BY c.release_at, c.id) AS n,
    count(*) OVER (PARTITION BY c.pool_id, c.owner_id) AS count
  FROM turn JOIN unnest($4::uuid[], $5::timestamptz[]) AS w(pool_id, until) ON true
  JOIN customer c ON c.organization_id = $1 AND c.pool_id = w.pool_id
  WHERE c.owner_id IS NOT NULL AND c.release_at <= w.until
), administers AS (
  -- 3. administers: who runs which pool
  SELECT m.id AS member_id, w.pool_id
  FROM unnest($4::uuid[]) AS w(pool_id), member m, {LED_BY_MEMBER} AS led
  WHERE m.organization_id = $1 AND m.active AND {ADMINISTERS}
), leads AS (
  -- 4. leads: who leads which owner
  SELECT m.id AS member_id, p.id AS owner_id
  FROM (SELECT DISTINCT owner_id FROM at_risk) o
  JOIN member p ON p.organization_id = $1 AND p.id = o.owner_id
  JOIN department l ON l.organization_id = $1 AND l.lead_id <> p.id AND {works_in("p", "l.id")}
  JOIN member m ON m.organization_id = $1 AND m.id = l.lead_id AND m.active
), heard AS (
  -- 5. heard: who hears of whose customers in which pool
  SELECT a.member_id, r.pool_id, r.owner_id
  FROM administers a JOIN at_risk r ON r.pool_id = a.pool_id AND r.n = 1
  UNION
  SELECT l.member_id, r.pool_id, r.owner_id
  FROM leads l JOIN at_risk r ON r.owner_id = l.owner_id AND r.n = 1
), by_pool AS (
  -- 6. by_pool: how many of each pool, and the first: a channel may be of some pools only
  SELECT member_id, jsonb_object_agg(pool_id, jsonb_build_object(
    'count', count, 'first', first, 'due_at', due_at)) AS pools
  FROM (
    SELECT h.member_id, h.pool_id, sum(r.count) AS count, min(r.release_at) AS due_at,
      (array_agg(r.id ORDER BY r.release_at, r.id))[1] AS first
    FROM heard h JOIN at_risk r ON r.pool_id = h.pool_id AND r.owner_id = h.owner_id AND r.n = 1
    GROUP BY 1, 2) AS pool
  GROUP BY 1
), told AS (
  -- 7. told: one alert for each of them
  SELECT h.member_id, sum(r.count) FILTER (WHERE r.n = 1) AS count,
    array_agg(r.id ORDER BY r.release_at, r.id) AS ids,
    array_agg(r.epoch ORDER BY r.release_at, r.id) AS epochs, min(r.release_at) AS due_at
  FROM heard h JOIN at_risk r ON r.pool_id = h.pool_id AND r.owner_id = h.owner_id
  WHERE r.n <= {LISTED} GROUP BY h.member_id
)
-- 8. Its event, which names the customer that goes first.
INSERT INTO event (organization_id, customer_id, epoch, action, member_id, due_at, details)
SELECT $1, ids[1], epochs[1], 'ESCALATED', member_id, due_at, jsonb_build_object(
  'day', $2::text, 'count', count, 'customers', to_jsonb(ids[1:{LISTED}]), 'pools', pools)
FROM told JOIN by_pool USING (member_id) ON CONFLICT DO NOTHING RETURNING member_id
"""
Row = dict[str, Any]


async def escalate_due(share: Share = ALL) -> int:
    """Tell them, of all organizations where it is morning; return how many alerts."""
    by_organization = defaultdict(list)
    for row in share.of(await database.rows(DUE)):
        by_organization[row["organization_id"]].append(row)
    told = 0
    for rows in by_organization.values():
        told += await _escalate(rows)
    if told:
        await alarms.ring()
    return told


async def _escalate(pools: Sequence[Row]) -> int:
    """Tell them of one organization's pools, if its morning has come."""
    first = pools[0]
    organization_id, now = first["organization_id"], first["now"]
    calendar = stored_calendar(first["time_zone"], first["calendar_overrides"])
    today = morning_of(calendar, now)
    due = pools if today <= now else ()
    rows = await database.rows_long_read(
        ESCALATE,
        organization_id,
        calendar.day_of(now).isoformat(),
        next_morning(calendar, now) if due else today,
        [row["pool_id"] for row in due],
        [_until(row, calendar) for row in due],
    )
    return len(rows)


def _until(row: Row, calendar: Calendar) -> datetime:
    rules = parsed_rules(row["rules"])
    assert rules.escalate_before
    return told_until(calendar, row["now"], rules.escalate_before, rules.working_days)
