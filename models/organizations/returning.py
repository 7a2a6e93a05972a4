"""Reactivate a member who has left."""

import asyncio
from uuid import UUID

from models import database
from models.ledger.recording import record
from models.ownership.leavers import release_rest_of
from models.refusals import InvalidInput
from models.tables import Member
from models.viewers import Viewer, find_one

# A running claim of the leaver holds the seat's lock until its customer can be seen.
SEATS = """
SELECT id FROM seat WHERE organization_id = $1 AND member_id = $2
ORDER BY id FOR NO KEY UPDATE
"""
HELD = "SELECT FROM customer WHERE organization_id = $1 AND owner_id = $2 LIMIT 1"
# Tokens are stamped in whole seconds: at the next full one every old token is older, no new one.
RETURN = """
UPDATE member SET active = true,
  reactivated_at = date_trunc('second', clock_timestamp()) + interval '1 second'
WHERE organization_id = $1 AND id = $2 AND NOT active
RETURNING extract(epoch FROM reactivated_at - clock_timestamp())::float AS seconds
"""


async def reactivate(viewer: Viewer, member_id: UUID) -> Member:
    """Make a leaver active again: the same member, who holds nothing.

    Returns when a token that is issued now is accepted, within a second; one from before stays
    refused. Raises Forbidden, NotFound and InvalidInput.
    """
    viewer.require_admin()
    member = await find_one(viewer, Member, member_id)
    if member.active:
        raise _is_active()
    async for _ in database.attempts(f"member {member.id}"):
        await release_rest_of(viewer.organization.id, member.id)
        seconds = await _return(viewer, member)
        if seconds is not None:
            await asyncio.sleep(seconds)
            break
    return await find_one(viewer, Member, member.id)


async def _return(viewer: Viewer, member: Member) -> float | None:
    """Return the seconds until new tokens are accepted; None if the member holds a customer."""
    whose = (viewer.organization.id, member.id)
    async with database.transaction():
        await database.rows(SEATS, *whose)
        if await database.rows(HELD, *whose):
            return None
        returned = await database.rows(RETURN, *whose)
        if not returned:
            raise _is_active()
        await record(viewer, "MEMBER_RETURNED", member_id=member.id)
    return float(returned[0]["seconds"])


def _is_active() -> InvalidInput:
    return InvalidInput.at("memberId", "is an active member already")
