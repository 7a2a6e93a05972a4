"""Deactivate a member who leaves."""

from uuid import UUID

from models import database
from models.ledger.recording import record
from models.organizations.admins import keep_an_admin
from models.organizations.department_moves import take_turn
from models.organizations.departments import step_down
from models.ownership.leavers import count_released_of, release_all_of
from models.tables import Member
from models.viewers import Viewer, find_one, seen_pool


async def deactivate(
    viewer: Viewer, member_id: UUID, pool_id: UUID | None = None
) -> tuple[Member, int]:
    """Deactivate a member and release all their customers, into the given pool or their own.

    Return the member and how many customers this call released. The sweep releases what a crash
    or a claim that was running left behind. Raises Forbidden, NotFound and InvalidInput.
    """
    viewer.require_admin()
    member = await find_one(viewer, Member, member_id)
    target = (await seen_pool(viewer, pool_id)).id if pool_id else None
    async with database.transaction():
        await take_turn(viewer)
        if member.role == "ADMIN":
            await keep_an_admin(viewer, member, "memberId")
        left = await viewer.of(Member).filter(id=member.id, active=True).update(active=False)
        if left:
            await record(viewer, "MEMBER_LEFT", member_id=member.id, pool_id=target)
            await step_down(viewer, member.id)
    whose = (viewer.organization.id, member.id)
    before = await count_released_of(*whose) if not left else 0
    released = await release_all_of(*whose, viewer.id, target) - before
    return await find_one(viewer, Member, member.id), released
