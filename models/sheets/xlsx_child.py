"""Reads an .xlsx file from stdin and writes its visible sheets to stdout, as CSV in UTF-8.

A process of its own, which its caller starts as a script: a hostile file may exhaust its memory or
its time, or end it. It writes the names of the sheets as JSON in a line. For each sheet follows a
line with a code and a length in bytes, then so much CSV: a record for each row, blank ones too.
"""

import csv
import io
import json
import os
import resource
import signal
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 768 * 1024**2
CPU_SECONDS, SECONDS = 15, 30
# What the files inside may have together, unpacked.
LARGEST = 400 * 1024**2
MOST_FILES = 1_000
MOST_COLUMNS = 200
# A spreadsheet keeps 15 digits of a number: what is longer has lost some.
MOST_EXACT = 10**15
# The reasons to end or to leave a sheet unread, by exit code; READ is none.
READ, UNREADABLE, TOO_LARGE, TOO_MANY_ROWS, TOO_MANY_COLUMNS, NO_SHEET = 0, 3, 4, 5, 6, 7


class Unread(Exception):
    """A sheet exceeds a limit: its argument is the code."""


def main(most_rows: int, most_characters: int) -> int:
    _limit()
    body = io.BytesIO(sys.stdin.buffer.read())
    inside = zipfile.ZipFile(body).infolist()
    if len(inside) > MOST_FILES or sum(each.file_size for each in inside) > LARGEST:
        return TOO_LARGE
    body.seek(0)
    book = Workbook(body)
    if not book.names:
        return NO_SHEET
    _write(json.dumps(book.names).encode() + b"\n")
    left = most_characters
    for name in book.names:
        try:
            text = _csv(book.rows(name, most_rows), left)
        except Unread as limit:
            _write(b"%d 0\n" % int(limit.args[0]))
        else:
            left -= len(text)
            content = text.encode("utf-8", "replace")
            _write(b"%d %d\n" % (READ, len(content)) + content)
    return READ


def _limit() -> None:
    """Before anything of the file is read: so much memory and time, and no file or process."""
    os.nice(10)
    limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_CORE: 0}
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    signal.alarm(SECONDS)


class Workbook:
    """`names` are those of its sheets that are shown. Others are not read.

    Who sends a file does not see what is in a hidden sheet: lists for drop-downs, or secrets.
    """

    def __init__(self, body: io.BytesIO) -> None:
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self._book = CalamineWorkbook.from_filelike(body)
        shown = SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible
        sheets = [each for each in self._book.sheets_metadata if (each.typ, each.visible) == shown]
        self.names = list(dict.fromkeys(each.name for each in sheets))

    def rows(self, name: str, most_rows: int) -> Iterator[list[str]]:
        """Yield the cells of each row from the first on; raises Unread beyond a limit.

        Blank rows count for none, and those at the end are left out: a formula that is prepared for
        thousands of rows shows nothing in most of them.
        """
        blank = filled = 0
        for cells in self._book.get_sheet_by_name(name).iter_rows():
            found = [shown_as(cell) for cell in cells]
            last = max((n for n, cell in enumerate(found, 1) if cell.strip()), default=0)
            if not last:
                blank += 1
                continue
            filled += 1
            # The header is one more.
            if filled > most_rows + 1:
                raise Unread(TOO_MANY_ROWS)
            if last > MOST_COLUMNS:
                raise Unread(TOO_MANY_COLUMNS)
            yield from ([] for _ in range(blank))
            yield found[:last]
            blank = 0


def shown_as(value: Any) -> str:
    """Return a cell's value as people read it: 13800138000.0 as 13800138000, NUL as nothing."""
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
    return str(value).replace("\0", "")


def _number(value: float) -> str:
    if value != value or abs(value) >= MOST_EXACT:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else f"{value:.15g}"


def _csv(rows: Iterable[list[str]], most_characters: int) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for cells in rows:
        writer.writerow(cells)
        if text.tell() > most_characters:
            raise Unread(TOO_LARGE)
    return text.getvalue()


def _write(part: bytes) -> None:
    """At once: what is read stays so if a later sheet ends the process."""
    sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        code = main(int(sys.argv[1]), int(sys.argv[2]))
    except Exception:
        code = UNREADABLE
    # Without the teardown of a large workbook.
    os._exit(code)
