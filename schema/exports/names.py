"""What the file of a sheet is called."""

from models.exports.sheets import Sheet, SheetOf
from models.texts.text import Text, render
from schema.base.context import Context

NAMES = {
    SheetOf.POOL: Text("pool"),
    SheetOf.PRIVATE_POOL: Text("private pool"),
    SheetOf.REPORT: Text("report"),
    SheetOf.HISTORY: Text("history"),
}


def file_name(context: Context, sheet: Sheet) -> str:
    """Return e.g. 公海 2026-11-28.csv, by the organization's calendar; it names nobody."""
    day = context.viewer.organization.calendar.day_of(context.viewer.asked_at)
    return f"{render(NAMES[sheet.of], context.reader)} {day}.{sheet.format.value.lower()}"
