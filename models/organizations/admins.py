"""One admin remains."""

from models import database
from models.refusals import InvalidInput
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
