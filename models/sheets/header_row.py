"""Which row names the columns: the first, or one below a title."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from models.sheets.headers import field_of
from models.sheets.records import is_lost

Row = tuple[int, list[str]]
# The header is within so many rows.
FIRST = 10


def header_of(rows: Iterable[Row]) -> tuple[Row | None, Iterator[Row]]:
    """Return the header and the rows below it.

    It is the first row, unless that names no field. Then it is the first row that names the
    customers and has more cells than each above: those are titles and notes. A row with lost
    characters is none of these: it stands for the header, which is refused.
    """
    rest = iter(rows)
    first = list(islice(rest, 1))
    if first and not any(map(field_of, first[0][1])):
        first += islice(rest, FIRST - 1)
    place = _place([cells for _, cells in first])
    return first[place] if first else None, chain(first[place + 1 :], rest)


def _place(rows: list[list[str]]) -> int:
    widest = 0
    for place, cells in enumerate(rows):
        width = sum(1 for cell in cells if cell.strip())
        if is_lost(cells) or (width > widest and "name" in map(field_of, cells)):
            return place
        widest = max(widest, width)
    return 0
