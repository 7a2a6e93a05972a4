"""Reads an .xlsx file from stdin and writes its first visible sheet to stdout, as CSV in UTF-8.

A process of its own, which its caller starts as a script: a hostile file may exhaust its memory or
its time, or end it. It writes a record for each row of the sheet, blank ones too.
"""

import csv
import io
import os
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 768 * 1024**2
SECONDS = 15
# What the files inside may have together, unpacked.
LARGEST = 400 * 1024**2
MOST_FILES = 1_000
MOST_COLUMNS = 200
# A spreadsheet keeps 15 digits of a number: what is longer has lost some.
MOST_EXACT = 10**15
# The reasons to end, by exit code.
UNREADABLE, TOO_LARGE, TOO_MANY_ROWS, TOO_MANY_COLUMNS, NO_SHEET = 3, 4, 5, 6, 7


def main(most_rows: int, most_characters: int) -> int:
    _limit()
    body = io.BytesIO(sys.stdin.buffer.read())
    with zipfile.ZipFile(body) as archive:
        inside = archive.infolist()
        if len(inside) > MOST_FILES or sum(each.file_size for each in inside) > LARGEST:
            return TOO_LARGE
    body.seek(0)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for number, cells in enumerate(rows_of(body), 1):
        # The header is one more.
        if number > most_rows + 1:
            return TOO_MANY_ROWS
        if len(cells) > MOST_COLUMNS:
            return TOO_MANY_COLUMNS
        writer.writerow(cells)
        if text.tell() > most_characters:
            return TOO_LARGE
    sys.stdout.buffer.write(text.getvalue().encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0


def _limit() -> None:
    """Before anything of the file is read: so much memory and time, and no file or process."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def rows_of(body: io.BytesIO) -> Iterator[list[str]]:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(body)
    shown = [each for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    if not shown:
        raise SystemExit(NO_SHEET)
    sheet = book.get_sheet_by_name(shown[0].name)
    above = sheet.start[0] if sheet.start else 0
    for _ in range(above):
        yield []
    for cells in sheet.to_python(skip_empty_area=True):
        yield _trimmed(map(shown_as, cells))


def _trimmed(cells: Iterable[str]) -> list[str]:
    found = list(cells)
    while found and not found[-1]:
        found.pop()
    return found


def shown_as(value: Any) -> str:
    """Return a cell's value as people read it: 13800138000.0 as 13800138000."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value)
        case datetime():
            day = value.time() == time() and value.date().isoformat()
            return day or value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)


def _number(value: float) -> str:
    if value != value or abs(value) >= MOST_EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else f"{value:.15g}"


if __name__ == "__main__":
    try:
        code = main(int(sys.argv[1]), int(sys.argv[2]))
    except Exception:
        code = UNREADABLE
    # Without the teardown of a large workbook.
    os._exit(code)
