"""Whose a channel is, who may see and change it, and what of its address they see."""

from urllib.parse import urlsplit
from uuid import UUID

from models import database
from models.refusals import Forbidden, NotFound
from models.tables import Channel
from models.viewers import Viewer, find

OF_OWNER = """
SELECT * FROM channel WHERE organization_id = $1 AND member_id IS NOT DISTINCT FROM $2::uuid
ORDER BY id
"""


async def of_member(viewer: Viewer) -> list[Channel]:
    """The viewer's own."""
    return await database.models(Channel, OF_OWNER, viewer.organization.id, viewer.id)


async def of_organization(viewer: Viewer) -> list[Channel]:
    check_admin(viewer)
    return await database.models(Channel, OF_OWNER, viewer.organization.id, None)


async def find_own(viewer: Viewer, id: UUID | None) -> Channel:
    """Raises NotFound, also for a channel that is not the viewer's to change."""
    channel = (await find(viewer, Channel, [id])).get(id) if id else None
    if channel is None or not may_change(viewer, channel):
        raise NotFound
    return channel


def may_change(viewer: Viewer, channel: Channel) -> bool:
    return viewer.is_admin if channel.member_id is None else channel.member_id == viewer.id


def check_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Only admins of the organization see and change its channels.")


def shown_address(channel: Channel) -> str | None:
    """The host and the last four signs: a robot's whole address is its key."""
    if channel.url is None:
        return None
    parts = urlsplit(channel.url)
    return f"{parts.scheme}://{parts.netloc}/…{channel.url[-4:]}"
