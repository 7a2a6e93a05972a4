"""Rows as a workbook on disk: no row stays in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from models.sheets.formulas import STARTS
from schema.exports.cells import Cell

MOMENT = "yyyy-mm-dd hh:mm:ss"
WIDTH = 18
# Nothing that a cell says is a formula, a link or a number.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class XlsxSheet:
    """Its file is complete after `close`; it and its parts are in `folder`."""

    def __init__(self, folder: Path, titles: Sequence[str], zone: ZoneInfo) -> None:
        self.path = folder / "sheet.xlsx"
        self._zone = zone
        options = {"constant_memory": True, "tmpdir": str(folder), **PLAIN}
        self._workbook = Workbook(str(self.path), options)
        self._moment = self._workbook.add_format({"num_format": MOMENT})
        # Excel takes it for text also after somebody edits the cell.
        self._quoted = self._workbook.add_format({"quote_prefix": True})
        self._sheet = self._workbook.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(titles) - 1, WIDTH)
        self._count = 0
        self.add([titles])

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._count += 1

    def close(self) -> None:
        """Compress all rows: it takes seconds for many."""
        self._workbook.close()

    def _write(self, column: int, cell: Cell) -> None:
        sheet, row = self._sheet, self._count
        if isinstance(cell, str):
            form = self._quoted if cell.startswith(STARTS) else None
            sheet.write_string(row, column, cell, form)
        elif isinstance(cell, datetime):
            local = cell.astimezone(self._zone).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, self._moment)
        elif cell is not None:
            sheet.write_number(row, column, cell)
