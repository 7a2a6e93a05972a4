"""Which row names the columns: the first, or one below a title."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from models.sheets.cells import is_blank, up_to_the_last
from models.sheets.headers import field_of
from models.sheets.records import is_lost

Row = tuple[int, list[str]]
# The header is within so many rows.
FIRST = 10


def header_of(rows: Iterable[Row]) -> tuple[Row | None, Iterator[Row]]:
    """Return the header and the rows below it.

    It is the first row, unless that names no field. Then it is the first row that names the
    customers and has more cells than each above: those are titles and notes. A row with lost
    characters is none of these: it stands for the header, which is refused. The same header again
    is no row below it: a sheet glued from two has it twice.
    """
    rest = iter(rows)
    first = list(islice(rest, 1))
    if first and not any(map(field_of, first[0][1])):
        first += islice(rest, FIRST - 1)
    if not first:
        return None, rest
    place = _place([cells for _, cells in first])
    header = first[place]
    below = chain(first[place + 1 :], rest)
    return header, _without(header[1], below) if any(map(field_of, header[1])) else below


def _without(header: list[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that are not the header again."""
    start, names = header[0].strip(), _names(header)
    for row in rows:
        if row[1][0].strip() != start or _names(row[1]) != names:
            yield row


def _names(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in up_to_the_last(cells)]


def _place(rows: list[list[str]]) -> int:
    widest = 0
    for place, cells in enumerate(rows):
        width = sum(1 for cell in cells if not is_blank(cell))
        if is_lost(cells) or (width > widest and "name" in map(field_of, cells)):
            return place
        widest = max(widest, width)
    return 0
