"""The rows of a text, each with the line where it begins."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from models.refusals import InvalidInput, Problem
from models.sheets.cells import without_errors
from models.texts.text import Text

LONGEST_LINE = 256 * 1024
MARK = "\ufeff"
# What a decoder writes in place of bytes that mean nothing in its encoding.
LOST = "\ufffd"
LOST_WORDS = (
    "has �, which stands for lost characters: the file was read in another encoding than its own."
    " Read it as what it was saved in, UTF-8 or GB18030"
)


def records(
    text: str, delimiter: str, *, numbered: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row that is not blank; raises InvalidInput at the broken one.

    A blank row has spaces of any kind; one of invisible characters is somebody's mistake. An error
    of a formula is a blank cell, as in a spreadsheet.

    `numbered`: a row's number is that of its record, as in a spreadsheet, not of its first line.
    """
    lines = io.StringIO(text, newline="")
    reader = csv.reader(_plain(lines), strict=True, delimiter=delimiter)
    line = 1
    try:
        for read in reader:
            cells = without_errors(read)
            if any(map(str.strip, cells)):
                yield line, cells
            line = line + 1 if numbered else reader.line_num + 1
    except csv.Error as error:
        wrong = Text("is not well-formed CSV: {error}", error=str(error))
        raise InvalidInput.at(f"csv.{line}", wrong) from None


def _plain(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines; the reader holds the interpreter's lock for one of them at a time.

    A file glued from several has a byte order mark at the begin of each.
    """
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise csv.Error(f"line longer than {LONGEST_LINE:,} characters")
        yield line.removeprefix(MARK)


def lost_cells(line: int, cells: Iterable[str], columns: Sequence[str] = ()) -> Iterator[Problem]:
    """Yield a problem for each cell with lost characters, by its column or its number."""
    for number, cell in enumerate(cells):
        if LOST in cell:
            column = columns[number] if number < len(columns) else ""
            yield Problem(f"csv.{line}.{column or number + 1}", LOST_WORDS)


def is_lost(cells: Iterable[str]) -> bool:
    return LOST in "".join(cells)
