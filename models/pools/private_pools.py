"""What a member holds in each pool, and how many more they may."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models import database
from models.database.door import as_models
from models.rules.rules import parsed_rules
from models.tables import LED_BY_MEMBER, OPENS_TO_MEMBER, POOL_COLUMNS, Member, Pool
from models.viewers import Viewer

PrivatePoolKey = tuple[Member, UUID | None]

# A member's pools: those open to them, and those in which they hold customers. One seat at a time:
# for a join PostgreSQL reads the seats of all members.
SEATS = f"""
SELECT m.id AS member_id, {POOL_COLUMNS}, coalesce(s.held, 0) AS held,
  coalesce(s.won, 0) AS won, s.claimed_on, coalesce(s.claimed_today, 0) AS claimed_today
FROM member m JOIN pool p ON p.organization_id = m.organization_id
JOIN {LED_BY_MEMBER} AS led ON true
LEFT JOIN LATERAL (
  SELECT * FROM seat s WHERE s.organization_id = $1 AND s.pool_id = p.id AND s.member_id = m.id
  LIMIT 1) AS s ON true
WHERE m.organization_id = $1 AND m.id = ANY($2) AND (
  s.held > 0 OR m.role = 'ADMIN' OR EXISTS (
    SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = p.id
      AND {OPENS_TO_MEMBER}))
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
    # A row of SEATS for each pool.
    seats: Sequence[Mapping[str, Any]] = field(repr=False, compare=False)

    @property
    def pools(self) -> list[Pool]:
        """The pools of the customers that are held, as read with the counts."""
        return as_models(Pool, [row for row in self.seats if row["held"]])


async def private_pools(
    viewer: Viewer, keys: Sequence[PrivatePoolKey]
) -> dict[tuple[UUID, UUID | None], PrivatePool]:
    """Return them by (member, pool); pool None is the sum of all pools. One statement.

    A colleague's count only the pools that the viewer sees; those of the viewer's people, all.
    """
    ids = list({member.id for member, _ in keys})
    by_member = defaultdict(list)
    for row in await database.records(SEATS, viewer.organization.id, ids):
        by_member[row["member_id"]].append(row)
    return {
        (member.id, pool_id): _sum(viewer, member, pool_id, by_member[member.id])
        for member, pool_id in keys
    }


def _sum(
    viewer: Viewer, member: Member, pool_id: UUID | None, seats: Sequence[Mapping[str, Any]]
) -> PrivatePool:
    rows = [
        row
        for row in seats
        if pool_id in (None, row["id"]) and (viewer.holds(member.id) or viewer.sees_pool(row["id"]))
    ]
    today = viewer.organization.calendar.day_of(viewer.asked_at)
    capacities = [_capacity(row, member) for row in rows]
    limited = bool(rows) and None not in capacities
    return PrivatePool(
        member=member,
        pool_id=pool_id,
        held=sum(row["held"] for row in rows),
        capacity=sum(each or 0 for each in capacities) if limited else None,
        available=sum(map(_available, rows, capacities)) if limited else None,
        claimed_today=sum(row["claimed_today"] for row in rows if row["claimed_on"] == today),
        seats=rows,
    )


def _capacity(row: Mapping[str, Any], member: Member) -> int | None:
    return parsed_rules(row["rules"]).capacity_for(member.id, member.lineage)


def _available(row: Mapping[str, Any], capacity: int | None) -> int:
    """At least 0: being over the capacity of one pool takes no place in another."""
    counted = parsed_rules(row["rules"]).counted(row["held"], row["won"])
    return max(0, (capacity or 0) - counted)
