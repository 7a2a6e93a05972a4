"""What a member holds in each pool, and how many more they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.rules.rules import parsed_rules
from models.tables import Member
from models.viewers import Viewer

PrivatePoolKey = tuple[Member, UUID | None]

# A member's pools: those open to them, and those in which they hold somebody.
SEATS = """
SELECT m.id AS member_id, p.id AS pool_id, p.rules, coalesce(s.held, 0) AS held,
  coalesce(s.won, 0) AS won, s.claimed_on, coalesce(s.claimed_today, 0) AS claimed_today
FROM member m JOIN pool p ON p.organization_id = m.organization_id
LEFT JOIN seat s ON s.pool_id = p.id AND s.member_id = m.id
WHERE m.organization_id = $1 AND m.id = ANY($2) AND (
  s.held > 0 OR m.role = 'ADMIN' OR EXISTS (SELECT FROM pool_access a WHERE a.pool_id = p.id
    AND (a.member_id = m.id OR a.department_id = m.department_id)))
"""


@dataclass(frozen=True, slots=True)
class PrivatePool:
    """`capacity` and `available` are None where a pool has no limit."""

    member: Member
    pool_id: UUID | None
    held: int
    capacity: int | None
    available: int | None
    claimed_today: int


async def private_pools(
    viewer: Viewer, keys: Sequence[PrivatePoolKey]
) -> dict[tuple[UUID, UUID | None], PrivatePool]:
    """By (member, pool); pool None stands for all pools together. One statement."""
    ids = list({member.id for member, _ in keys})
    rows = await database.rows(SEATS, viewer.organization.id, ids)
    return {
        (member.id, pool_id): _sum(
            viewer,
            member,
            pool_id,
            [
                row
                for row in rows
                if row["member_id"] == member.id and pool_id in (None, row["pool_id"])
            ],
        )
        for member, pool_id in keys
    }


def _sum(
    viewer: Viewer, member: Member, pool_id: UUID | None, rows: list[dict[str, Any]]
) -> PrivatePool:
    today = viewer.organization.calendar.day_of(viewer.asked_at)
    capacities: list[int | None] = []
    available = 0
    for row in rows:
        rules = parsed_rules(row["rules"])
        capacity = rules.capacity_for(member.id, member.department_id)
        counted = row["held"] - (0 if rules.won_count else row["won"])
        capacities.append(capacity)
        # Being over the capacity of one pool takes no place in another.
        available += max(0, (capacity or 0) - counted)
    limits = [capacity for capacity in capacities if capacity is not None]
    limited = bool(rows) and len(limits) == len(capacities)
    return PrivatePool(
        member=member,
        pool_id=pool_id,
        held=sum(row["held"] for row in rows),
        capacity=sum(limits) if limited else None,
        available=available if limited else None,
        claimed_today=sum(row["claimed_today"] for row in rows if row["claimed_on"] == today),
    )
