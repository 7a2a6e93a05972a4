"""Customers taken out of the pool by one statement: one or many, for one member or for several."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models import alarms, database
from models.calendars import Calendar
from models.deadlines import Facts
from models.holds import Clock, parsed_rules, reset
from models.rules import Rules
from models.tables import CUSTOMER_COLUMNS, ORGANIZATION_COLUMNS, Customer, Member, calendar_from
from models.viewers import Viewer

# So many statements at a time; what comes meanwhile goes together into the next one.
LANES = 2
MOST_TOGETHER = 200
Place = dict[str, Any]

CANDIDATES = f"""
SELECT {CUSTOMER_COLUMNS}, c.xmin::text AS revision, p.rules, p.rules_version AS pool_version,
  {ORGANIZATION_COLUMNS}, clock_timestamp() AS now, s.held, s.won, s.claimed_on, s.claimed_today,
  (SELECT max(e.at) FROM event e
   WHERE e.customer_id = c.id AND e.former_id = w.member_id) AS lost_at
FROM unnest($2::uuid[], $3::uuid[]) AS w(customer_id, member_id)
JOIN customer c ON c.id = w.customer_id AND c.organization_id = $1
JOIN pool p ON p.id = c.pool_id JOIN organization o ON o.id = c.organization_id
LEFT JOIN seat s ON s.pool_id = c.pool_id AND s.member_id = w.member_id
"""

SEATS = """
INSERT INTO seat (organization_id, pool_id, member_id)
SELECT $1::uuid, * FROM unnest($2::uuid[], $3::uuid[]) ON CONFLICT (pool_id, member_id) DO NOTHING
"""

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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer and who wants it, as read at `now` by the database's clock."""

    customer: Customer
    revision: str
    rules: Rules
    rules_version: int
    calendar: Calendar
    now: datetime
    seated: bool
    held: int
    claimed_on: date | None
    claimed_today: int
    lost_at: datetime | None

    def claimed_on_day(self, today: date) -> int:
        return self.claimed_today if self.claimed_on and self.claimed_on >= today else 0


async def candidates(viewer: Viewer, member_id: UUID, ids: list[UUID]) -> list[Candidate]:
    return await candidates_for(viewer, ids, [member_id] * len(ids))


async def candidates_for(
    viewer: Viewer, ids: list[UUID], member_ids: list[UUID]
) -> list[Candidate]:
    """Each customer and the member beside it, in the order of the customers."""
    rows = await database.rows(CANDIDATES, viewer.organization.id, ids, member_ids)
    at = {id: n for n, id in enumerate(ids)}
    return sorted(map(_candidate, rows), key=lambda each: at[each.customer.id])


def _candidate(row: dict[str, Any]) -> Candidate:
    rules = parsed_rules(row["rules"])
    held = (row["held"] or 0) - (0 if rules.won_count else row["won"] or 0)
    return Candidate(
        customer=Customer._init_from_db(**row),
        revision=row["revision"],
        rules=rules,
        rules_version=row["pool_version"],
        calendar=calendar_from(row["time_zone"], row["own_days"]),
        now=row["now"],
        seated=row["held"] is not None,
        held=held,
        claimed_on=row["claimed_on"],
        claimed_today=row["claimed_today"] or 0,
        lost_at=row["lost_at"],
    )


async def take(
    viewer: Viewer, member: Member, wanted: list[Candidate], *, assigned: bool
) -> list[Customer]:
    """Those of the wanted that were still as read, and fitted; now the member's."""
    unseated = {each.customer.pool_id for each in wanted if not each.seated}
    if unseated:
        await seat(viewer.organization.id, unseated, member.id)
    places = [place(viewer, each, member, assigned=assigned) for each in wanted]
    write_them = write if database.inside_transaction() else together.write
    customers = await write_them(places)
    if customers:
        await alarms.arm(customers, wanted[0].now)
    return customers


async def seat(organization_id: UUID, pool_ids: Iterable[UUID], member_id: UUID) -> None:
    """Make sure that the member has a seat in each pool, for claims to lock and count on."""
    pools = sorted(pool_ids)
    await database.rows(SEATS, organization_id, pools, [member_id] * len(pools))


class Together:
    """Claims that arrive together are written together: one commit for all of them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[list[Place], asyncio.Future[list[Customer]]]] = []
        self._lanes: set[asyncio.Task[None]] = set()

    async def write(self, places: list[Place]) -> list[Customer]:
        future: asyncio.Future[list[Customer]] = asyncio.get_running_loop().create_future()
        self._waiting.append((places, future))
        if len(self._lanes) < LANES:
            lane = asyncio.create_task(self._run())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, count = [], 0
            while self._waiting and count < MOST_TOGETHER:
                batch.append(self._waiting.pop(0))
                count += len(batch[-1][0])
            await self._write(batch)

    async def _write(self, batch: list[tuple[list[Place], asyncio.Future[list[Customer]]]]) -> None:
        """Of two who want the same customer the first one gets it; the other is read again."""
        first: dict[str, tuple[Place, asyncio.Future[list[Customer]]]] = {}
        for places, future in batch:
            for place in places:
                first.setdefault(place["customer_id"], (place, future))
        taken: dict[asyncio.Future[list[Customer]], list[Customer]] = {f: [] for _, f in batch}
        try:
            for customer in await write([place for place, _ in first.values()]):
                taken[first[str(customer.id)][1]].append(customer)
        except Exception as fault:
            for future in taken:
                if not future.done():
                    future.set_exception(fault)
        for future, customers in taken.items():
            if not future.done():
                future.set_result(customers)


together = Together()


async def write(places: list[Place]) -> list[Customer]:
    numbered = [each | {"place": n} for n, each in enumerate(places)]
    rows = await database.rows(TAKE, json.dumps(numbered))
    return [Customer._init_from_db(**row) for row in rows]


def place(
    viewer: Viewer,
    candidate: Candidate,
    member: Member,
    *,
    assigned: bool,
    won_at: datetime | None = None,
) -> Place:
    """As a row of TAKE; `won_at` where a signed customer comes back to whom it was taken from."""
    customer, rules, now = candidate.customer, candidate.rules, candidate.now
    return clock(candidate, by_another=assigned, won_at=won_at).to_json() | {
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


def clock(candidate: Candidate, *, by_another: bool, won_at: datetime | None = None) -> Clock:
    facts = Facts(claimed_at=candidate.now, won_at=won_at, level=candidate.customer.level)
    return reset(candidate.rules, facts, candidate.calendar, candidate.now, by_another=by_another)
