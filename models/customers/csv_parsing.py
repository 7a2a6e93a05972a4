"""Customers from a CSV text; bad rows are named by line and column."""

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from models.customers.csv_repeats import Repeats
from models.customers.fields import LONGEST, NO_TEXT, plain, problem_of
from models.duplicates.keys import KINDS, Key, field_keys
from models.refusals import InvalidInput, Problem
from models.texts.text import Text

MOST_ROWS = 50_000
MOST_PROBLEMS = 1_000
HEADERS = {
    **{name.casefold(): name for name in LONGEST},
    "客户名称": "name",
    "名称": "name",
    "级别": "level",
    "联系人": "person",
    "电话": "phone",
    "手机": "phone",
    "邮箱": "email",
    "统一社会信用代码": "registrationNumber",
}


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


def parse(csv_text: str, blocking: Collection[str] = tuple(KINDS.values())) -> list[Row]:
    """Return all rows; raises InvalidInput with the problems of all bad rows.

    `blocking`: the kinds of keys that two rows must not share, e.g. NAME. The header is line 1. A
    row of several lines is named by its first.
    """
    records = _records(csv_text)
    columns = _columns(records)
    reading = _Reading(Repeats(blocking))
    try:
        for line, cells in records:
            reading.take(line, columns, cells)
    except InvalidInput as broken:
        reading.problems.extend(broken.problems)
    _raise_any(reading.problems)
    return reading.rows


@dataclass
class _Reading:
    repeats: Repeats
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: int = 0

    def take(self, line: int, columns: list[str], cells: list[str]) -> None:
        self.taken += 1
        if self.taken > MOST_ROWS:
            raise InvalidInput.at("csv", Text("has more than {most:,} rows", most=MOST_ROWS))
        if any(map(str.strip, cells[len(columns) :])):
            wrong = Text(
                "has {fields} fields where the header has {columns}",
                fields=len(cells),
                columns=len(columns),
            )
            self.problems.append(Problem(f"csv.{line}", wrong))
            return
        values = {name: plain(name, cell) for name, cell in zip(columns, cells, strict=False)}
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


def _records(csv_text: str) -> Iterator[tuple[int, list[str]]]:
    text = io.StringIO(csv_text.removeprefix("\ufeff"), newline="")
    reader = csv.reader(text, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput.at(
            f"csv.{line}", Text("is not well-formed CSV: {error}", error=str(error))
        ) from None


def _columns(records: Iterator[tuple[int, list[str]]]) -> list[str]:
    header = next(records, None)
    if header is None:
        raise InvalidInput.at("csv", "is empty; its first line must name the columns")
    line, cells = header
    columns = [HEADERS.get(_folded(cell), "") for cell in cells]
    _raise_any(list(_header_problems(line, cells, columns)))
    return columns


def _header_problems(line: int, cells: list[str], columns: list[str]) -> Iterator[Problem]:
    for index, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        if not column:
            shown = NO_TEXT.sub("?", cell.strip())[:50] or str(index + 1)
            wrong = Text("is not a column; use one of {columns}", columns=tuple(LONGEST))
            yield Problem(f"csv.{line}.{shown}", wrong)
        elif column in columns[:index]:
            yield Problem(f"csv.{line}.{column}", "is named twice")
    if "name" not in columns:
        yield Problem(f"csv.{line}.name", "is required")


def _row(line: int, values: dict[str, str | None], keys: dict[str, tuple[Key, ...]]) -> Row:
    return Row(
        line,
        values["name"] or "",
        values.get("level"),
        values.get("person"),
        values.get("phone"),
        values.get("email"),
        values.get("registrationNumber"),
        tuple(key for field in KINDS for key in keys.get(field, ())),
    )


def _folded(header: str) -> str:
    return unicodedata.normalize("NFKC", header).strip().casefold()


def _raise_any(problems: list[Problem]) -> None:
    if problems:
        listed = tuple(problems[:MOST_PROBLEMS])
        raise InvalidInput(listed, unlisted=len(problems) - len(listed))
