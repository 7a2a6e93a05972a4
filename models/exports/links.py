"""Links to sheets: signed with the key of their organization, short-lived, for a few uses."""

import json
from dataclasses import dataclass
from uuid import UUID

from models import database, viewers
from models.database.seal import unsigned
from models.exports.permission import permit
from models.exports.sheets import Sheet
from models.refusals import NotFound, Refusal
from models.viewers import Viewer

SECONDS = 300
MOST_USES = 3
# What the signed text begins with, so that no cursor is a link.
MARK = "sheet"
LONGEST = 500

USE = f"""
UPDATE export SET uses = uses + 1
WHERE organization_id = $1 AND member_id = $2 AND id = $3 AND uses < {MOST_USES}
  AND asked_at > statement_timestamp() - interval '{SECONDS} seconds'
RETURNING sheet, rows
"""


@dataclass(frozen=True, slots=True)
class Signed:
    viewer: Viewer
    export_id: UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """`most` are the rows that were counted; a sheet gets no more."""

    viewer: Viewer
    sheet: Sheet
    most: int


def make_link(viewer: Viewer, export_id: UUID) -> str:
    ids = (viewer.organization.id, viewer.id, export_id)
    return viewer.seal.close(json.dumps([MARK, *(each.hex for each in ids)]))


async def read_link(link: str) -> Signed:
    """Raises NotFound unless it is the link of an active member, signed by their organization."""
    try:
        if len(link) > LONGEST:
            raise ValueError
        mark, *ids = json.loads(unsigned(link))
        organization_id, member_id, export_id = map(UUID, ids)
        viewer = await viewers.viewer(organization_id, member_id)
        if mark == MARK and viewer and viewer.seal.open(link):
            return Signed(viewer, export_id)
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise NotFound


async def use(signed: Signed) -> Opened:
    """Use the link once. Raises NotFound if it is old, used up, or its rights are gone."""
    viewer = signed.viewer
    async with database.transaction():
        used = await database.rows(USE, viewer.organization.id, viewer.id, signed.export_id)
        if not used:
            raise NotFound
        sheet = Sheet.from_json(json.loads(used[0]["sheet"]))
        try:
            await permit(viewer, sheet)
        except Refusal:
            raise NotFound from None
    return Opened(viewer, sheet, used[0]["rows"] or 0)
