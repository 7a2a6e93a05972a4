"""The rows of a stored sheet, and which of its columns are which fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from models.customers.csv_columns import IGNORED
from models.customers.csv_parsing import MOST_ROWS
from models.imports.stored import XLSX, Sheet
from models.refusals import InvalidInput, Problem
from models.sheets.delimiters import delimiter_of
from models.sheets.header_row import header_of
from models.sheets.headers import field_of
from models.sheets.records import lost_cells, records
from models.sheets.xlsx_child import MOST_COLUMNS
from models.texts.text import Text

# Of tuples: the garbage collector need not walk them again and again, while all else waits.
Record = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Opened:
    """`line` is where the header is; `broken` is why the rows end before the file does."""

    delimiter: str
    line: int
    header: list[str]
    rows: list[Record]
    broken: tuple[Problem, ...] = ()


def opened(sheet: Sheet) -> Opened:
    """Raises InvalidInput for a sheet without a header."""
    numbered = sheet.kind == XLSX
    delimiter = "," if numbered else delimiter_of(sheet.content)
    found = records(sheet.content, delimiter, numbered=numbered)
    named, below = header_of(found)
    if named is None:
        raise InvalidInput.at("csv", "is empty; its first line must name the columns")
    first, header = named
    if len(header) > MOST_COLUMNS:
        wrong = Text("has more than {most} columns", most=MOST_COLUMNS)
        raise InvalidInput.at(f"csv.{first}", wrong)
    rows: list[Record] = []
    try:
        # One more than may be tells that there are too many.
        rows.extend((line, tuple(cells)) for line, cells in islice(below, MOST_ROWS + 1))
    except InvalidInput as broken:
        return Opened(delimiter, first, header, rows, broken.problems)
    if numbered:
        # A spreadsheet has as many columns as its longest row: that need not be the header.
        widest = max((len(cells) for _, cells in rows), default=0)
        header += [""] * (widest - len(header))
    return Opened(delimiter, first, header, rows)


def guessed(header: Sequence[str]) -> list[str | None]:
    """Return the field of each column by its name; of several with one field, the first has it."""
    found = [field_of(cell) for cell in header]
    return [None if field in found[:n] else field for n, field in enumerate(found)]


def mapped(
    sheet: Opened, mapping: Sequence[str | None] | None
) -> tuple[list[str], tuple[Problem, ...]]:
    """Return the field of each column, by the mapping or as guessed, and what is wrong with it."""
    fields = guessed(sheet.header) if mapping is None else list(mapping)
    problems = tuple(_problems(sheet, fields, given=mapping is not None))
    fields += [None] * (len(sheet.header) - len(fields))
    return [field or IGNORED for field in fields[: len(sheet.header)]], problems


def _problems(sheet: Opened, fields: list[str | None], *, given: bool) -> Iterator[Problem]:
    yield from lost_cells(sheet.line, sheet.header)
    if len(fields) > len(sheet.header):
        yield Problem("mapping", Text("has more than {most} columns", most=len(sheet.header)))
    for index, field in enumerate(fields):
        if field and field in fields[:index]:
            yield Problem(f"mapping.{index}", "is named twice")
    if "name" not in fields:
        yield Problem("mapping" if given else f"csv.{sheet.line}.name", "is required")
