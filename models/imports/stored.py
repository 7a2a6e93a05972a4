"""Uploaded sheets: the text of each is kept for a day, for the member who sent it.

Of a workbook, the text of each worksheet is kept, so that an import can choose one.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import database
from models.customers.csv_parsing import MOST_ROWS
from models.refusals import Forbidden, InvalidInput, NotFound
from models.sheets import xlsx
from models.sheets.encodings import decoded
from models.sheets.xlsx_child import MOST_COLUMNS
from models.texts.text import Text
from models.viewers import Viewer

# The newest of a member are kept.
MOST_KEPT = 10
MOST_CHARACTERS = 16_000_000
KINDS = CSV, XLSX = "CSV", "XLSX"
TOO_LARGE = Text(
    "has more than {rows:,} rows or {columns} columns, or is too large: save it as its own file",
    rows=MOST_ROWS,
    columns=MOST_COLUMNS,
)

KEEP = f"""
WITH older AS (
  -- 1. older: those that are too many
  DELETE FROM sheet WHERE organization_id = $1 AND id IN (
    SELECT id FROM sheet WHERE organization_id = $1 AND member_id = $2
    ORDER BY id DESC OFFSET {MOST_KEPT - 1})
)
-- 2. The new one; `others` are the texts of the worksheets beside the content.
INSERT INTO sheet (organization_id, member_id, kind, encoding, worksheets, worksheet, content,
  others, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + interval '1 day')
RETURNING id, expires_at, kind, encoding, worksheets, worksheet
"""
READ = """
SELECT id, expires_at, kind, encoding, worksheets, coalesce($4, worksheet) AS worksheet,
  CASE WHEN $4 IS NULL OR $4 = worksheet THEN content
  ELSE others[array_position(worksheets, $4)] END AS content
FROM sheet WHERE organization_id = $1 AND member_id = $2 AND id = $3 AND expires_at > now()
"""
FORGET = "DELETE FROM sheet WHERE expires_at < now()"


@dataclass(frozen=True, slots=True)
class Sheet:
    """`encoding` is what the file was in; `content` is CSV, empty where it was not asked for.

    Of a workbook, `worksheets` are the names of all that have a row, and `worksheet` is the one
    with the content.
    """

    id: UUID
    expires_at: datetime
    kind: str
    encoding: str
    worksheets: list[str]
    worksheet: str | None
    content: str = ""


async def upload(viewer: Viewer, body: bytes) -> Sheet:
    """Keep the text of a file's bytes; raises Forbidden, and InvalidInput at `file`."""
    require_administrator(viewer)
    if body.startswith(xlsx.START):
        return await _keep_workbook(viewer, await xlsx.read(body, MOST_ROWS, MOST_CHARACTERS))
    text, encoding = await asyncio.to_thread(decoded, body)
    return await keep(viewer, encoding, text)


def require_administrator(viewer: Viewer) -> None:
    if not viewer.administered:
        raise Forbidden("Only administrators of a pool may do that.")


async def keep(viewer: Viewer, encoding: str, text: str) -> Sheet:
    return await _keep(viewer, CSV, encoding, [], None, text, [])


async def _keep_workbook(viewer: Viewer, book: xlsx.Workbook) -> Sheet:
    names = [each.name for each in book.sheets]
    others = [None if each is book.chosen else each.text for each in book.sheets]
    return await _keep(viewer, XLSX, "UTF_8", names, book.chosen.name, book.chosen.text, others)


async def _keep(viewer: Viewer, *told: Any) -> Sheet:
    (row,) = await database.rows(KEEP, viewer.organization.id, viewer.id, *told)
    return Sheet(**row)


async def read(viewer: Viewer, id: UUID | None, worksheet: str | None = None) -> Sheet:
    """Return the sheet with the text of its worksheet, if one is named.

    Raises NotFound, the same for another member's sheet as for one that never was, and InvalidInput
    at `worksheet`.
    """
    for row in await database.rows(READ, viewer.organization.id, viewer.id, id, worksheet):
        if row["content"] is None:
            found = worksheet in row["worksheets"]
            raise InvalidInput.at("worksheet", TOO_LARGE if found else "is not in this file")
        return Sheet(**row)
    raise NotFound


async def forget_old() -> None:
    """Delete the sheets of all organizations whose day is over."""
    await database.rows(FORGET)
