"""Which field each column of a text is, by its header."""

from collections.abc import Iterator

from models.customers.fields import LONGEST
from models.refusals import InvalidInput, Problem
from models.sheets.cells import up_to_the_last
from models.sheets.headers import field_of
from models.sheets.records import LOST, LOST_WORDS
from models.texts.text import Text
from models.texts.visible import NO_TEXT

# Stands for a column that is passed over.
IGNORED = ""


def columns_of(line: int, header: list[str], ignore_others: bool) -> list[str]:
    """Return the field of each column; raises InvalidInput with all problems of the header.

    Unless others are ignored, blank names at its end are none: no row may have a value there.
    """
    if not ignore_others:
        header = up_to_the_last(header)
    columns = [field_of(cell) or IGNORED for cell in header]
    problems = tuple(_problems(line, header, columns, ignore_others))
    if problems:
        raise InvalidInput(problems)
    return columns


def _problems(
    line: int, header: list[str], columns: list[str], ignore_others: bool
) -> Iterator[Problem]:
    for index, (cell, column) in enumerate(zip(header, columns, strict=True)):
        if LOST in cell:
            yield Problem(f"csv.{line}.{index + 1}", LOST_WORDS)
        elif column == IGNORED and not ignore_others:
            shown = NO_TEXT.sub("?", cell.strip())[:50] or str(index + 1)
            wrong = Text("is not a column; use one of {columns}", columns=tuple(LONGEST))
            yield Problem(f"csv.{line}.{shown}", wrong)
        elif column and column in columns[:index]:
            yield Problem(f"csv.{line}.{column}", "is named twice")
    if "name" not in columns:
        yield Problem(f"csv.{line}.name", "is required")
