"""A member leaves."""

from uuid import UUID

from models import database
from models.ledger.recording import record
from models.organizations.admins import keep_an_admin
from models.ownership.leavers import count_released_of, release_all_of
from models.tables import Member
from models.viewers import Viewer, find_one, seen_pool

LEAVE = """
UPDATE member SET active = false WHERE organization_id = $1 AND id = $2 AND active RETURNING *
"""


async def deactivate(
    viewer: Viewer, member_id: UUID | None, pool_id: UUID | None, to_pool: bool
) -> tuple[Member, int]:
    """A member leaves: refused from now on, and all they hold is released.

    Answers the member and how many customers went back. The sweep finishes what is cut off, and a
    claim of theirs that was under way, in the same way within seconds.
    """
    viewer.require_admin()
    member = await find_one(viewer, Member, member_id)
    target = (await seen_pool(viewer, pool_id)).id if to_pool else None
    async with database.transaction():
        if member.role == "ADMIN":
            await keep_an_admin(viewer, member, "memberId")
        rows = await database.rows(LEAVE, viewer.organization.id, member.id)
        if rows:
            await record(viewer, "MEMBER_LEFT", member_id=member.id, pool_id=target)
    whose = (viewer.organization.id, member.id)
    before = await count_released_of(*whose) if not rows else 0
    released = await release_all_of(*whose, viewer.id, target) - before
    return await find_one(viewer, Member, member.id), released
