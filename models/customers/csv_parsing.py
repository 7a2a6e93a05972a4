"""Customers from a CSV text; bad rows are named by line and column."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from models.customers.csv_columns import IGNORED, columns_of
from models.customers.csv_repeats import Repeats
from models.customers.fields import plain, problem_of
from models.duplicates.keys import KINDS, Key, field_keys
from models.refusals import InvalidInput, Problem
from models.sheets import formulas
from models.sheets.cells import is_blank
from models.sheets.delimiters import delimiter_of
from models.sheets.header_row import header_of
from models.sheets.headers import HEADER_AGAIN, is_header
from models.sheets.records import is_lost, lost_cells, records
from models.texts.text import Text

MOST_ROWS = 50_000
MOST_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a customer and the keys that are made of them."""

    line: int
    name: str
    level: str | None = None
    person: str | None = None
    phone: str | None = None
    email: str | None = None
    registration_number: str | None = None
    keys: tuple[Key, ...] = field(default=(), compare=False, repr=False)


def parse(
    csv_text: str,
    blocking: Collection[str] = tuple(KINDS.values()),
    *,
    ignore_others: bool = False,
) -> list[Row]:
    """Return all rows; raises InvalidInput with the problems of all bad rows.

    `blocking`: the kinds of keys that two rows must not share, e.g. NAME. `ignore_others`: pass
    over columns whose header names no field. A row of several lines is named by its first.
    """
    header, rows = header_of(records(csv_text, delimiter_of(csv_text)))
    if header is None:
        raise InvalidInput.at("csv", "is empty; its first line must name the columns")
    reading = read_rows(rows, columns_of(*header, ignore_others), blocking)
    reading.raise_any()
    return reading.rows


def read_rows(
    found: Iterable[tuple[int, Sequence[str]]], columns: list[str], blocking: Collection[str]
) -> "Reading":
    """Return the good rows, and the problems of the others."""
    reading = Reading(columns, Repeats(blocking))
    try:
        for line, cells in found:
            reading.take(line, cells)
    except InvalidInput as broken:
        reading.problems.extend(broken.problems)
    return reading


@dataclass
class Reading:
    columns: list[str]
    repeats: Repeats
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: int = 0

    def take(self, line: int, cells: Sequence[str]) -> None:
        self.taken += 1
        if self.taken > MOST_ROWS:
            raise InvalidInput.at("csv", Text("has more than {most:,} rows", most=MOST_ROWS))
        if is_lost(cells):
            self.problems += lost_cells(line, cells, self.columns)
            return
        if not all(map(is_blank, cells[len(self.columns) :])):
            wrong = Text(
                "has {fields} fields where the header has {columns}",
                fields=len(cells),
                columns=len(self.columns),
            )
            self.problems.append(Problem(f"csv.{line}", wrong))
            return
        values = {
            name: plain(name, formulas.plain(cell))
            for name, cell in zip(self.columns, cells, strict=False)
            if name != IGNORED
        }
        if values.get("name") and is_header(values.values()):
            raise InvalidInput.at(f"csv.{line}", HEADER_AGAIN)
        found: list[Problem] = []
        keys = {}
        for column, value in {"name": None, **values}.items():
            if problem := problem_of(column, value):
                found.append(Problem(f"csv.{line}.{column}", problem))
            else:
                keys[column] = field_keys(column, value)
        found += self.repeats.take(line, keys)
        if found:
            self.problems.extend(found)
        else:
            self.rows.append(_row(line, values, keys))

    def raise_any(self) -> None:
        """Raises InvalidInput with the first problems, if there are any."""
        if self.problems:
            listed = tuple(self.problems[:MOST_PROBLEMS])
            raise InvalidInput(listed, unlisted=len(self.problems) - len(listed))


def _row(line: int, values: dict[str, str | None], keys: dict[str, tuple[Key, ...]]) -> Row:
    return Row(
        line,
        values["name"] or "",
        values.get("level"),
        values.get("person"),
        values.get("phone"),
        values.get("email"),
        values.get("registrationNumber"),
        tuple([key for field in KINDS if field in keys for key in keys[field]]),
    )
