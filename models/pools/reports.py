"""What happened in a pool over a period, told from the ledger by an index made for it."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models import database
from models.refusals import InvalidInput
from models.rules.deadlines import ReleaseReason
from models.rules.durations import Span
from models.tables import Department, Pool, Seat, works_in
from models.viewers import Viewer, administered_pool, find_one, seen_pool

LONGEST = timedelta(days=3653)

# Of all members, or of those named.
BY = "($5::uuid[] IS NULL OR {} = ANY($5))"
# A release into another pool is one of the pool that the customer left.
RELEASED = f"""
  SELECT customer_id, epoch, member_id, release_reason, at FROM event
  WHERE organization_id = $1 AND pool_id = $2 AND action = 'RELEASED'
    AND at >= $3 AND at < $4 AND NOT details ? 'from_pool' AND {BY.format("member_id")}
  UNION ALL
  SELECT customer_id, epoch, member_id, release_reason, at FROM event
  WHERE organization_id = $1 AND details ->> 'from_pool' = $2::text AND action = 'RELEASED'
    AND at >= $3 AND at < $4 AND details ? 'from_pool' AND {BY.format("member_id")}
"""
COUNTS = f"""
SELECT action, member_id, NULL AS reason, count(*) AS count FROM event
WHERE organization_id = $1 AND pool_id = $2 AND action IN ('CLAIMED', 'ASSIGNED', 'WON')
  AND at >= $3 AND at < $4 AND NOT details ? 'from_pool' AND {BY.format("member_id")}
GROUP BY action, member_id
UNION ALL
SELECT 'RELEASED', member_id, release_reason, count(*) FROM ({RELEASED}) AS released
GROUP BY member_id, release_reason
"""
# Of the customers taken out of the pool in the period, those signed in it by any member.
SIGNED = f"""
SELECT count(*) AS count FROM (SELECT FROM event w CROSS JOIN LATERAL (
  SELECT epoch, at, member_id FROM event e
  WHERE e.organization_id = $1 AND e.customer_id = w.customer_id AND e.epoch <= w.epoch
    AND e.action IN ('CLAIMED', 'ASSIGNED') ORDER BY e.epoch DESC LIMIT 1
) AS t
WHERE w.organization_id = $1 AND w.pool_id = $2 AND w.action = 'WON' AND w.at >= $3 AND w.at < $4
  AND NOT w.details ? 'from_pool' AND t.at >= $3 AND {BY.format("t.member_id")}
GROUP BY w.customer_id, t.epoch) AS signed
"""
# No hold is shorter than nothing, even where the database's clock was put back.
HOLDS = f"""
SELECT percentile_cont(0.5) WITHIN GROUP (
  ORDER BY greatest(0, date_part('epoch', r.at - s.at))) AS seconds
FROM ({RELEASED}) AS r
JOIN event s ON s.organization_id = $1 AND s.customer_id = r.customer_id AND s.epoch = r.epoch
  AND s.pool_id = $2 AND s.action IN ('CLAIMED', 'ASSIGNED', 'TRANSFERRED') AND s.at < $4
  AND NOT s.details ? 'from_pool'
"""
HELD = """
SELECT * FROM seat WHERE organization_id = $1 AND pool_id = $2 AND held > 0
  AND ($3::uuid[] IS NULL OR member_id = ANY($3))
"""
PEOPLE = f"SELECT m.id FROM member m WHERE m.organization_id = $1 AND {works_in('m', '$2')}"


@dataclass(frozen=True, slots=True)
class ReasonCount:
    reason: ReleaseReason
    count: int


@dataclass(frozen=True, slots=True)
class MemberReport:
    member_id: UUID
    claims: int
    releases: int
    deals: int
    held: int


@dataclass(frozen=True, slots=True)
class Report:
    """`conversion` is the signed share of those taken in the period, None where none was taken.
    `median_hold` is of those released in it."""

    claims: int
    releases: list[ReasonCount]
    deals: int
    conversion: float | None
    median_hold: Span | None
    members: list[MemberReport]


async def report(
    viewer: Viewer,
    pool_id: UUID | None,
    since: datetime,
    until: datetime,
    department_id: UUID | None = None,
) -> Report:
    """Count from `since` (included) to `until` (excluded), for administrators of the pool.

    Of a department count the people that are in it now or below it; who leads it may ask, too.
    Raises InvalidInput where `since` is later than `until` or over ten years before it.
    """
    pool, people = await report_scope(viewer, pool_id, department_id)
    check_period(since, until)
    period = (viewer.organization.id, pool.id, since, until, people)
    counts, signed, holds, held = await asyncio.gather(
        database.rows_report(COUNTS, *period),
        database.rows_report(SIGNED, *period),
        database.rows_report(HOLDS, *period),
        database.models(Seat, HELD, viewer.organization.id, pool.id, people),
    )
    by_action, by_reason = _summed(counts, "action"), _summed(counts, "reason")
    taken = by_action["CLAIMED"] + by_action["ASSIGNED"]
    seconds = holds[0]["seconds"]
    return Report(
        claims=by_action["CLAIMED"],
        releases=[
            ReasonCount(reason, by_reason[reason]) for reason in ReleaseReason if by_reason[reason]
        ],
        deals=by_action["WON"],
        conversion=signed[0]["count"] / taken if taken else None,
        median_hold=None if seconds is None else Span.of(timedelta(seconds=seconds)),
        members=_members(counts, {seat.member_id: seat.held for seat in held}),
    )


async def report_scope(
    viewer: Viewer, pool_id: UUID | None, department_id: UUID | None
) -> tuple[Pool, list[UUID] | None]:
    """Return the pool and the people to count, None for all."""
    if department_id is None:
        return await administered_pool(viewer, pool_id), None
    department = await find_one(viewer, Department, department_id)
    chain = viewer.of(Department).filter(id__in=department.lineage)
    leads = await chain.filter(lead_id=viewer.id).exists()
    rows = await database.rows(PEOPLE, viewer.organization.id, department.id)
    pool = await (seen_pool if leads else administered_pool)(viewer, pool_id)
    return pool, [row["id"] for row in rows]


def check_period(since: datetime, until: datetime) -> None:
    """Raises InvalidInput."""
    if since > until:
        raise InvalidInput.at("from", "must not be after `to`")
    if until - since > LONGEST:
        raise InvalidInput.at("to", "must be within ten years of `from`")


def _summed(counts: list[dict[str, Any]], name: str) -> Counter[str]:
    summed = Counter[str]()
    for row in counts:
        summed[row[name]] += row["count"]
    return summed


def _members(counts: list[dict[str, Any]], held: dict[UUID, int]) -> list[MemberReport]:
    """Every member who did or holds something; the most deals first, then the most claims."""
    done = Counter[tuple[UUID, str]]()
    for row in counts:
        done[row["member_id"], row["action"]] += row["count"]
    members = [
        MemberReport(
            id, done[id, "CLAIMED"], done[id, "RELEASED"], done[id, "WON"], held.get(id, 0)
        )
        for id in {id for id, _ in done} | held.keys()
    ]
    return sorted(members, key=lambda each: (-each.deals, -each.claims, each.member_id))
