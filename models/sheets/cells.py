"""What a cell holds: a value, or nothing."""

import re

from models.texts.visible import visible

# What a spreadsheet writes into a text where a formula has no result.
ERRORS = frozenset(
    {
        *("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"),
        *("#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#BUSY!"),
    }
)
ROUNDED = re.compile(r"-?\d(?:\.\d+)?E\+\d{1,3}", re.IGNORECASE | re.ASCII)


def is_blank(cell: str) -> bool:
    """Return whether it shows nothing: spaces of any kind, and characters without a width."""
    return not ("\u4e00" <= cell[:1] <= "\u9fff" or visible(cell).strip())


def up_to_the_last(cells: list[str]) -> list[str]:
    """Return the cells up to the last one that is not blank."""
    return cells[: max((n for n, cell in enumerate(cells, 1) if not is_blank(cell)), default=0)]


def without_errors(cells: list[str]) -> list[str]:
    """Return the cells, with nothing in place of errors."""
    if ERRORS.isdisjoint(cells):
        return cells
    return ["" if cell in ERRORS else cell for cell in cells]


def is_rounded(cell: str) -> bool:
    """Return whether it is a long number as a spreadsheet shows it: 9.131E+17."""
    return "+" in cell and ROUNDED.fullmatch(cell) is not None
