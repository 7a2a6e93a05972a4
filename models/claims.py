"""Taking customers out of the pool: claims, assignments, and whether a claim would succeed."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models import alarms, database
from models.calendars import Calendar
from models.deadlines import Facts
from models.holds import Clock, parsed_rules, reset
from models.ledger import once
from models.outcomes import Claimed, Outcome
from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    Forbidden,
    InvalidInput,
    NotFound,
    NotYetOpen,
    Problem,
    Refusal,
)
from models.rules import Rules
from models.tables import CUSTOMER_COLUMNS, Customer, Member
from models.viewers import Viewer, find_one

BATCH = 100
ATTEMPTS = 10

CANDIDATES = f"""
SELECT {CUSTOMER_COLUMNS}, c.xmin::text AS revision, p.rules, p.rules_version AS pool_version,
  clock_timestamp() AS now, s.held, s.won, s.claimed_on, s.claimed_today,
  (SELECT max(e.at) FROM event e
   WHERE e.customer_id = c.id AND e.former_id = w.member_id) AS lost_at
FROM unnest($2::uuid[], $3::uuid[]) AS w(customer_id, member_id)
JOIN customer c ON c.id = w.customer_id AND c.organization_id = $1
JOIN pool p ON p.id = c.pool_id
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
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS w(
    place integer, customer_id uuid, member_id uuid, pool_id uuid, revision text,
    rules_version integer, capacity integer, won_counts boolean, daily_limit integer,
    today date, at timestamptz, release_at timestamptz, release_reason text,
    remind_at timestamptz[], remind_offsets text[])
), free AS MATERIALIZED (
  SELECT w.* FROM customer c JOIN wanted w ON w.customer_id = c.id
  JOIN pool p ON p.id = c.pool_id AND p.rules_version = w.rules_version
  WHERE c.organization_id = $1 AND c.owner_id IS NULL AND c.xmin::text = w.revision
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
  UPDATE seat s SET held = s.held + n.taken,
    claimed_today = CASE
      WHEN $3 <> 'CLAIMED' THEN s.claimed_today
      WHEN s.claimed_on >= n.today THEN s.claimed_today + n.taken ELSE n.taken END,
    claimed_on = CASE
      WHEN $3 <> 'CLAIMED' THEN s.claimed_on ELSE greatest(s.claimed_on, n.today) END
  FROM (SELECT seat_id, count(*) AS taken, max(today) AS today FROM fits GROUP BY 1) n
  WHERE s.id = n.seat_id
), taken AS (
  UPDATE customer c SET owner_id = f.member_id, epoch = c.epoch + 1, claimed_at = f.at,
    opened_at = NULL, rules_version = f.rules_version, release_at = f.release_at,
    release_reason = f.release_reason, remind_at = f.remind_at,
    remind_offsets = f.remind_offsets
  FROM fits f WHERE c.id = f.customer_id
  RETURNING c.*
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    due_at, at)
  SELECT organization_id, id, epoch, $3, $4, owner_id, pool_id, release_at, claimed_at FROM taken
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
    now: datetime
    seated: bool
    held: int
    claimed_on: date | None
    claimed_today: int
    lost_at: datetime | None

    def claimed_on_day(self, today: date) -> int:
        return self.claimed_today if self.claimed_on and self.claimed_on >= today else 0


async def claim(viewer: Viewer, ids: Sequence[UUID | None], key: str | None) -> list[Outcome]:
    """Claim each for the viewer; one answer for each id, in their order (None: NotFound)."""
    if len(ids) > BATCH:
        raise InvalidInput((Problem("customerIds", f"at most {BATCH} customers at once"),))
    request = ["claim", [str(id) for id in ids]]
    return await once(viewer, key, request, lambda: _claim(viewer, ids))


async def assign(
    viewer: Viewer, customer_id: UUID | None, member_id: UUID | None, key: str | None
) -> Outcome:
    """Give a pooled customer to a member; cool-down, lock and daily limit do not hold."""
    request = ["assign", str(customer_id), str(member_id)]

    async def act() -> list[Outcome]:
        customer = await find_one(viewer, Customer, customer_id)
        if not viewer.sees(customer):
            raise NotFound
        if not viewer.administers(customer.pool_id):
            raise Forbidden("Only administrators of its pool may assign a customer.")
        receiver = await receiving(viewer, member_id)
        return await _take(viewer, receiver, [customer.id], assigned=True)

    return (await once(viewer, key, request, act))[0]


async def receiving(viewer: Viewer, member_id: UUID | None) -> Member:
    member = await find_one(viewer, Member, member_id)
    if not member.active:
        raise Forbidden(f"{member.name} has left and can't be given customers.")
    return member


async def claimable(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Refusal | datetime | None]:
    """For each: the refusal that a claim would meet, else when it would be released (or None)."""
    answers: dict[UUID, Refusal | datetime | None] = {}
    calendar = viewer.organization.calendar
    for candidate in await _candidates(viewer, viewer.id, list(ids)):
        refusal = _refused(viewer, candidate, viewer.member, granted=0)
        customer = candidate.customer
        answers[customer.id] = refusal or _clock(candidate, calendar, by_another=False).release_at
    return answers


async def _claim(viewer: Viewer, ids: Sequence[UUID | None]) -> list[Outcome]:
    known = list(dict.fromkeys(id for id in ids if id))
    outcomes = dict(zip(known, await _take(viewer, viewer.member, known), strict=True))
    return [outcomes[id] if id else NotFound() for id in ids]


async def _take(
    viewer: Viewer, member: Member, ids: list[UUID], *, assigned: bool = False
) -> list[Outcome]:
    """Read, refuse, write the rest. Where a race was lost meanwhile, what was refused for want of
    room may have it now: all that is left is read again."""
    claimed: dict[UUID, Outcome] = {}
    for _ in range(ATTEMPTS):
        open_ids = [id for id in ids if id not in claimed]
        candidates = await _candidates(viewer, member.id, open_ids)
        refused, wanted = _sifted(viewer, member, candidates, assigned)
        taken = await _write(viewer, member, wanted, assigned) if wanted else []
        claimed.update((customer.id, Claimed(customer)) for customer in taken)
        if len(taken) == len(wanted):
            answers = refused | claimed
            return [answers.get(id, NotFound()) for id in ids]
    raise RuntimeError(f"claims of {ids} found no end in {ATTEMPTS} attempts")


def _sifted(
    viewer: Viewer, member: Member, candidates: list[Candidate], assigned: bool
) -> tuple[dict[UUID, Outcome], list[Candidate]]:
    """Those who are refused, each with its reason, and those to write."""
    refused: dict[UUID, Outcome] = {}
    wanted, granted = [], Counter[UUID]()
    for candidate in candidates:
        customer = candidate.customer
        place = granted[customer.pool_id]
        refusal = (
            _refused_assignment(candidate, member, place)
            if assigned
            else _refused(viewer, candidate, member, place)
        )
        if refusal:
            refused[customer.id] = refusal
        else:
            wanted.append(candidate)
            granted[customer.pool_id] += 1
    return refused, wanted


def _refused(viewer: Viewer, candidate: Candidate, member: Member, granted: int) -> Refusal | None:
    """The first reason why the member can't claim it now, in the contract's order."""
    customer, rules, now = candidate.customer, candidate.rules, candidate.now
    if not viewer.sees_pool(customer.pool_id):
        return (
            AlreadyHeld()
            if customer.owner_id == member.id
            else Forbidden("This customer's pool is not open to you.")
        )
    if refusal := _refused_assignment(candidate, member, granted):
        return refusal
    calendar = viewer.organization.calendar
    claimed = candidate.claimed_on_day(calendar.day_of(now)) + granted
    if rules.daily_claim_limit is not None and claimed >= rules.daily_claim_limit:
        return DailyLimitReached(rules.daily_claim_limit, calendar.next_midnight(now))
    if candidate.lost_at and rules.reclaim_cooldown:
        until = calendar.after(candidate.lost_at, rules.reclaim_cooldown, rules.working_days)
        if until > now:
            return CoolingDown(until)
    if rules.new_customer_lock:
        opens = calendar.after(customer.entered_at, rules.new_customer_lock, rules.working_days)
        if opens > now:
            return NotYetOpen(opens)
    return None


def _refused_assignment(candidate: Candidate, member: Member, granted: int) -> Refusal | None:
    if candidate.customer.owner_id is not None:
        return AlreadyHeld()
    capacity = candidate.rules.capacity_for(member.id, member.department_id)
    held = candidate.held + granted
    return CapacityReached(held, capacity) if capacity is not None and held >= capacity else None


async def _candidates(viewer: Viewer, member_id: UUID, ids: list[UUID]) -> list[Candidate]:
    rows = await database.rows(CANDIDATES, viewer.organization.id, ids, [member_id] * len(ids))
    place = {id: n for n, id in enumerate(ids)}
    return sorted(map(_candidate, rows), key=lambda each: place[each.customer.id])


def _candidate(row: dict[str, Any]) -> Candidate:
    rules = parsed_rules(row["rules"])
    held = (row["held"] or 0) - (0 if rules.won_count else row["won"] or 0)
    return Candidate(
        customer=Customer._init_from_db(**row),
        revision=row["revision"],
        rules=rules,
        rules_version=row["pool_version"],
        now=row["now"],
        seated=row["held"] is not None,
        held=held,
        claimed_on=row["claimed_on"],
        claimed_today=row["claimed_today"] or 0,
        lost_at=row["lost_at"],
    )


async def _write(
    viewer: Viewer, member: Member, wanted: list[Candidate], assigned: bool
) -> list[Customer]:
    unseated = {each.customer.pool_id for each in wanted if not each.seated}
    if unseated:
        await seat(viewer.organization.id, unseated, member.id)
    calendar = viewer.organization.calendar
    places = [_place(n, each, member, calendar, assigned=assigned) for n, each in enumerate(wanted)]
    action = "ASSIGNED" if assigned else "CLAIMED"
    rows = await database.rows(TAKE, viewer.organization.id, json.dumps(places), action, viewer.id)
    customers = [Customer._init_from_db(**row) for row in rows]
    if customers:
        await alarms.arm(customers, wanted[0].now)
    return customers


async def seat(organization_id: UUID, pool_ids: Iterable[UUID], member_id: UUID) -> None:
    """Make sure that the member has a seat in each pool, for claims to lock and count on."""
    pools = sorted(pool_ids)
    await database.rows(SEATS, organization_id, pools, [member_id] * len(pools))


def _place(
    n: int, candidate: Candidate, member: Member, calendar: Calendar, *, assigned: bool
) -> dict[str, Any]:
    customer, rules, now = candidate.customer, candidate.rules, candidate.now
    return _clock(candidate, calendar, by_another=assigned).to_json() | {
        "place": n,
        "customer_id": str(customer.id),
        "member_id": str(member.id),
        "pool_id": str(customer.pool_id),
        "revision": candidate.revision,
        "rules_version": candidate.rules_version,
        "capacity": rules.capacity_for(member.id, member.department_id),
        "won_counts": rules.won_count,
        "daily_limit": None if assigned else rules.daily_claim_limit,
        "today": calendar.day_of(now).isoformat(),
        "at": now.isoformat(),
    }


def _clock(candidate: Candidate, calendar: Calendar, *, by_another: bool) -> Clock:
    facts = Facts(claimed_at=candidate.now, level=candidate.customer.level)
    return reset(candidate.rules, facts, calendar, candidate.now, by_another=by_another)
