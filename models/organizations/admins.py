"""An organization keeps at least one admin."""

from models.refusals import InvalidInput
from models.tables import Member
from models.viewers import Viewer


async def keep_an_admin(viewer: Viewer, member: Member, path: str) -> None:
    """Lock the organization's admins; raises InvalidInput if the member is the last one."""
    admins = viewer.of(Member).filter(role="ADMIN", active=True).order_by("id")
    others = [each.id for each in await admins.select_for_update(no_key=True)]
    if others == [member.id]:
        raise InvalidInput.at(path, "is the organization's last admin: make another one first")
