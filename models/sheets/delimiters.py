"""What separates the cells of a text: commas, semicolons or tabs."""

import csv
import io

from models.sheets.header_row import header_of
from models.sheets.headers import field_of

DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "TAB": "\t"}
# The header is within it.
START = 64 * 1024


def delimiter_of(text: str) -> str:
    """Return the one by which the header names the most fields.

    Among equals it is the one with the most columns, then the first in DELIMITERS.
    """
    start = text[:START]
    return max(DELIMITERS.values(), key=lambda each: _named(start, each))


def _named(start: str, delimiter: str) -> tuple[int, int]:
    rows = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    found, _ = header_of(enumerate(filter(None, rows)))
    header = found[1] if found else []
    return len({field for cell in header if (field := field_of(cell))}), len(header)
