"""Uploaded sheets: the text of each is kept for a day, for the member who sent it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import database
from models.customers.csv_parsing import MOST_ROWS
from models.refusals import Forbidden, NotFound
from models.sheets import xlsx
from models.sheets.encodings import decoded
from models.viewers import Viewer

# The newest of a member are kept.
MOST_KEPT = 10
MOST_CHARACTERS = 16_000_000
KINDS = CSV, XLSX = "CSV", "XLSX"
COLUMNS = "id, kind, encoding, expires_at"

KEEP = f"""
WITH older AS (
  -- 1. older: those that are too many
  DELETE FROM sheet WHERE organization_id = $1 AND id IN (
    SELECT id FROM sheet WHERE organization_id = $1 AND member_id = $2
    ORDER BY id DESC OFFSET {MOST_KEPT - 1})
)
-- 2. The new one.
INSERT INTO sheet (organization_id, member_id, kind, encoding, content, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + interval '1 day') RETURNING {COLUMNS}
"""
READ = f"""
SELECT {COLUMNS}, content FROM sheet
WHERE organization_id = $1 AND member_id = $2 AND id = $3 AND expires_at > now()
"""
FORGET = "DELETE FROM sheet WHERE expires_at < now()"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`encoding` is what the file was in; `content` is CSV, empty where it was not asked for."""

    id: UUID
    kind: str
    encoding: str
    expires_at: datetime
    content: str = ""


async def upload(viewer: Viewer, body: bytes) -> Sheet:
    """Keep the text of a file's bytes; raises Forbidden, and InvalidInput at `file`."""
    require_administrator(viewer)
    if body.startswith(xlsx.START):
        content = await xlsx.text_of(body, MOST_ROWS, MOST_CHARACTERS)
        return await keep(viewer, XLSX, "UTF_8", content)
    text, encoding = await asyncio.to_thread(decoded, body)
    return await keep(viewer, CSV, encoding, text)


def require_administrator(viewer: Viewer) -> None:
    if not viewer.administered:
        raise Forbidden("Only administrators of a pool may do that.")


async def keep(viewer: Viewer, kind: str, encoding: str, content: str) -> Sheet:
    own = viewer.organization.id, viewer.id
    (row,) = await database.rows(KEEP, *own, kind, encoding, content)
    return Sheet(**row)


async def read(viewer: Viewer, id: UUID | None) -> Sheet:
    """Raises NotFound, the same for another member's sheet as for one that never was."""
    for row in await database.rows(READ, viewer.organization.id, viewer.id, id):
        return Sheet(**row)
    raise NotFound


async def forget_old() -> None:
    """Delete the sheets of all organizations whose day is over."""
    await database.rows(FORGET)
