"""Seats: how many customers a member holds from a pool, and who is over capacity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from models import database
from models.rules.rules import Rules
from models.tables import Member

# Rules.counted for statements that join seat s with a row that has the pool's `won_counts`.
COUNTED = "s.held - CASE WHEN won_counts THEN 0 ELSE s.won END"

# Names no index: two unique ones hold a seat while the release before this one may run.
SEATS = """
INSERT INTO seat (organization_id, pool_id, member_id)
SELECT $1::uuid, p.id, m.id FROM unnest($2::uuid[]) AS p(id) CROSS JOIN unnest($3::uuid[]) AS m(id)
ORDER BY p.id, m.id
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class OverCapacity:
    """A member who holds more than their capacity; `held` counts as the capacity does."""

    member: Member
    held: int
    capacity: int


async def ensure_seats(organization_id: UUID, pool_ids: Iterable[UUID], *member_ids: UUID) -> None:
    """Make sure that each member has a seat in each pool, for claims to lock and count on."""
    await database.rows(SEATS, organization_id, list(pool_ids), list(member_ids))


def over_capacity(
    rules: Rules, members: Iterable[Member], held: Mapping[UUID, int], won: Mapping[UUID, int]
) -> list[OverCapacity]:
    """Return the members over capacity; `held` and `won` are counts by member id."""
    found = []
    for member in members:
        counted = rules.counted(held[member.id], won[member.id])
        capacity = rules.capacity_for(member.id, member.lineage)
        if capacity is not None and counted > capacity:
            found.append(OverCapacity(member, counted, capacity))
    return found
