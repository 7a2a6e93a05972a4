"""Deactivate a member who leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from models import database
from models.ledger.recording import record
from models.organizations.admins import keep_an_admin
from models.organizations.department_moves import take_turn
from models.organizations.departments import step_down
from models.ownership.hand_over import find_receivers, refuse_receivers
from models.ownership.leavers import (
    count_handed_on_of,
    count_released_of,
    hand_on_all_of,
    release_all_of,
)
from models.tables import Member
from models.viewers import Viewer, find_one, seen_pool


@dataclass(frozen=True, slots=True)
class Left:
    """A leaver, and how many of their customers this call released and handed over."""

    member: Member
    released: int
    handed_over: int


async def deactivate(
    viewer: Viewer,
    member_id: UUID,
    pool_id: UUID | None = None,
    hand_over_to: Sequence[UUID | None] | None = None,
) -> Left:
    """Deactivate a member; their customers go to those who are named in turn, within capacity.

    The rest is released, into the given pool or where the rules send them. The sweep does what a
    crash or a claim that was running left behind. Raises Forbidden, NotFound and InvalidInput.
    """
    viewer.require_admin()
    member = await find_one(viewer, Member, member_id)
    target = (await seen_pool(viewer, pool_id)).id if pool_id else None
    receivers = await _receivers(viewer, member, hand_over_to)
    left = await _leave(viewer, member, target, receivers)
    whose = (viewer.organization.id, member.id)
    before = (0, 0) if left else await _counts(*whose)
    if receivers:
        await hand_on_all_of(viewer, member.id, receivers, target)
    await release_all_of(*whose, viewer.id, target)
    released, handed_over = (n - b for n, b in zip(await _counts(*whose), before, strict=True))
    return Left(await find_one(viewer, Member, member.id), released, handed_over)


async def _receivers(
    viewer: Viewer, member: Member, ids: Sequence[UUID | None] | None
) -> list[Member]:
    if ids is None:
        return []
    receivers = await find_receivers(viewer, ids, "handOverTo")
    refuse_receivers(receivers, member, "handOverTo")
    return receivers


async def _leave(
    viewer: Viewer, member: Member, pool_id: UUID | None, receivers: Sequence[Member]
) -> int:
    """Return 1, or 0 if they had left before."""
    details = {"hand_over_to": [str(each.id) for each in receivers]} if receivers else {}
    async with database.transaction():
        await take_turn(viewer)
        if member.role == "ADMIN":
            await keep_an_admin(viewer, member, "memberId")
        left = await viewer.of(Member).filter(id=member.id, active=True).update(active=False)
        if left:
            await record(
                viewer, "MEMBER_LEFT", member_id=member.id, pool_id=pool_id, details=details
            )
            await step_down(viewer, member.id)
    return left


async def _counts(organization_id: UUID, member_id: UUID) -> tuple[int, int]:
    released = await count_released_of(organization_id, member_id)
    return released, await count_handed_on_of(organization_id, member_id)
