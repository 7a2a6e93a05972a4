"""Rows as CSV that Excel reads: UTF-8 with a byte order mark, formulas defused."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from models.sheets.formulas import defused
from schema.exports.cells import Cell

BEGINNING = "\ufeff".encode()
MOMENT = "%Y-%m-%d %H:%M:%S"


def csv_of(rows: Iterable[Sequence[Cell]], zone: ZoneInfo) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([_plain(cell, zone) for cell in row] for row in rows)
    return text.getvalue().encode(errors="replace")


def _plain(cell: Cell, zone: ZoneInfo) -> str | int | float:
    if isinstance(cell, str):
        return defused(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime(MOMENT)
    return "" if cell is None else cell
