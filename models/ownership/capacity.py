"""Seats: a member's place in a pool, and who is over capacity."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from models import database
from models.rules.rules import parsed_rules
from models.tables import Member
from models.viewers import Viewer, find

SEATS = """
INSERT INTO seat (organization_id, pool_id, member_id)
SELECT $1::uuid, * FROM unnest($2::uuid[], $3::uuid[]) ON CONFLICT (pool_id, member_id) DO NOTHING
"""


async def ensure_seat(organization_id: UUID, pool_ids: Iterable[UUID], member_id: UUID) -> None:
    """Make sure that the member has a seat in each pool, for claims to lock and count on."""
    pools = sorted(pool_ids)
    await database.rows(SEATS, organization_id, pools, [member_id] * len(pools))


LOADS = """
SELECT s.member_id, s.pool_id, s.held, s.won, p.rules FROM seat s JOIN pool p ON p.id = s.pool_id
WHERE s.organization_id = $1 AND s.pool_id = $2 AND s.member_id = ANY($3)
"""


@dataclass(frozen=True, slots=True)
class OverCapacity:
    """More than the capacity allows; `held` counts as the capacity does."""

    member: Member
    held: int
    capacity: int


async def over_capacity(viewer: Viewer, pool_id: UUID, ids: Iterable[UUID]) -> list[OverCapacity]:
    members = await find(viewer, Member, ids)
    rows = await database.rows(LOADS, viewer.organization.id, pool_id, list(members))
    loads = []
    for row in rows:
        rules, member = parsed_rules(row["rules"]), members[row["member_id"]]
        capacity = rules.capacity_for(member.id, member.department_id)
        held = row["held"] - (0 if rules.won_count else row["won"])
        if capacity is not None and held > capacity:
            loads.append(OverCapacity(member, held, capacity))
    return sorted(loads, key=lambda each: (each.member.name, each.member.id))
