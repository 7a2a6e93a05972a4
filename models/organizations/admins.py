"""Admins: what only they may do, and that one remains."""

from models import database
from models.refusals import Forbidden, InvalidInput
from models.tables import Member
from models.viewers import Viewer

OTHER_ADMINS = """
SELECT id FROM member WHERE organization_id = $1 AND role = 'ADMIN' AND active
ORDER BY id FOR NO KEY UPDATE
"""


async def keep_an_admin(viewer: Viewer, member: Member, path: str) -> None:
    admins = await database.rows(OTHER_ADMINS, viewer.organization.id)
    if member.active and [row["id"] for row in admins] == [member.id]:
        raise InvalidInput.at(path, "is the organization's last admin: make another one first")


def require_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Only admins of the organization may do that.")
