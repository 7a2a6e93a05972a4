"""The rows of a text, each with the line where it begins."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from models.refusals import InvalidInput, Problem
from models.texts.text import Text

LONGEST_LINE = 256 * 1024
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

    `numbered`: a row's number is that of its record, as in a spreadsheet, not of its first line.
    """
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    reader = csv.reader(_short(lines), strict=True, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield line, cells
            line = line + 1 if numbered else reader.line_num + 1
    except csv.Error as error:
        wrong = Text("is not well-formed CSV: {error}", error=str(error))
        raise InvalidInput.at(f"csv.{line}", wrong) from None


def _short(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines; the reader holds the interpreter's lock for one of them at a time."""
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise csv.Error(f"line longer than {LONGEST_LINE:,} characters")
        yield line


def lost_cells(line: int, cells: Iterable[str], columns: Sequence[str] = ()) -> Iterator[Problem]:
    """Yield a problem for each cell with lost characters, by its column or its number."""
    for number, cell in enumerate(cells):
        if LOST in cell:
            column = columns[number] if number < len(columns) else ""
            yield Problem(f"csv.{line}.{column or number + 1}", LOST_WORDS)


def is_lost(cells: Iterable[str]) -> bool:
    return LOST in "".join(cells)
