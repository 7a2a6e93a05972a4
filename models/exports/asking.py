"""Asking for a sheet: it counts for the member's day, is logged, and is sent by a signed link."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models import database
from models.exports.links import SECONDS, make_link
from models.exports.permission import Size, measure
from models.exports.sheets import Sheet, SheetFormat
from models.refusals import ExportLimitReached, InvalidInput
from models.texts.text import Text
from models.viewers import Viewer

# The rows of a worksheet, without the header.
MOST_OF_XLSX = 1_048_575

# The same sheet counts once a day, in whatever format: as the largest. So a repeat costs nothing.
# `spent` is by other sheets than $3.
SPENT = """
SELECT o.export_limit, days.today, clock_timestamp() AS now, coalesce((
  SELECT sum(n.counted) FROM (
    SELECT max(e.counted) AS counted FROM export e
    WHERE e.organization_id = $1 AND e.member_id = $2 AND e.day = days.today
      AND e.sheet - '{format,language}'::text[] <> $3::jsonb - '{format,language}'::text[]
    GROUP BY e.sheet - '{format,language}'::text[]) AS n), 0)::integer AS spent
FROM organization o
CROSS JOIN LATERAL (SELECT (clock_timestamp() AT TIME ZONE o.time_zone)::date AS today) AS days
WHERE o.id = $1
"""
# What was asked for before yesterday counts no more.
KEEP = f"""
WITH forgotten AS (
  DELETE FROM export WHERE organization_id = $1 AND member_id = $2 AND day < $3::date - 1
), logged AS (
  INSERT INTO event (organization_id, action, actor_id, member_id, pool_id, details)
  VALUES ($1, 'EXPORTED', $2, $4, $5, $6::jsonb)
)
INSERT INTO export (organization_id, member_id, day, sheet, rows, counted)
VALUES ($1, $2, $3, $7::jsonb, $8, $9)
RETURNING id, asked_at + interval '{SECONDS} seconds' AS expires_at
"""


@dataclass(frozen=True, slots=True)
class SheetReady:
    """`link` names the sheet to `models.exports.links`; `rows` is None for a report."""

    link: str
    expires_at: datetime
    rows: int | None


async def ask_for(viewer: Viewer, sheet: Sheet) -> SheetReady:
    """Return a link to the sheet. Raises NotFound, Forbidden, InvalidInput, ExportLimitReached."""
    size = await measure(viewer, sheet)
    if sheet.format is SheetFormat.XLSX and (size.rows or 0) > MOST_OF_XLSX:
        wrong = Text("a worksheet has at most {most:,} rows: ask for CSV", most=MOST_OF_XLSX)
        raise InvalidInput.at("format", wrong)
    return await database.with_retries(lambda: _spend(viewer, sheet, size))


async def _spend(viewer: Viewer, sheet: Sheet, size: Size) -> SheetReady:
    """Two at once take turns, so that both can't spend the same."""
    whose = (viewer.organization.id, viewer.id)
    async with database.transaction():
        await database.take_turn(f"exports of {viewer.id}")
        (day,) = await database.rows(SPENT, *whose, json.dumps(sheet.to_json()))
        limit, left = day["export_limit"], max(0, day["export_limit"] - day["spent"])
        if size.counted > left:
            resets_at = viewer.organization.calendar.next_midnight(day["now"])
            raise ExportLimitReached(limit, left, resets_at)
        kept = await _keep(viewer, sheet, size, day["today"])
    return SheetReady(make_link(viewer, kept["id"]), kept["expires_at"], size.rows)


async def _keep(viewer: Viewer, sheet: Sheet, size: Size, today: date) -> dict[str, Any]:
    """The event has what was exported and how much of it, and no contents."""
    stored = sheet.to_json()
    details = stored | {"rows": size.rows, "counted": size.counted}
    (kept,) = await database.rows(
        KEEP,
        viewer.organization.id,
        viewer.id,
        today,
        sheet.member_id,
        sheet.pool_id,
        json.dumps(details),
        json.dumps(stored),
        size.rows,
        size.counted,
    )
    return kept
