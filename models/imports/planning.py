"""What an import of a sheet would do to each of its rows."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from uuid import UUID

from models import database
from models.customers.csv_known import SLICE, TAKEN, Known, known_columns
from models.customers.csv_parsing import MOST_ROWS, Reading, Row
from models.customers.csv_repeats import Repeats
from models.imports.opening import Opened
from models.imports.progress import Progress
from models.refusals import InvalidInput, Problem
from models.texts.text import Text
from models.viewers import Viewer

# Those that the viewer may change.
CHANGEABLE = """
SELECT id FROM customer WHERE organization_id = $1 AND id = ANY($2::uuid[])
  AND (pool_id = ANY($3::uuid[]) OR owner_id = $4)
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that make a customer or change one, and the problems of all others."""

    created: list[Row]
    updated: list[tuple[Row, UUID]]
    problems: list[Problem]

    @property
    def bad_lines(self) -> set[int]:
        return {line_of(each) for each in self.problems}


def line_of(problem: Problem) -> int:
    return int(problem.path.split(".")[1])


def read(sheet: Opened, columns: list[str], blocking: Collection[str], told: Progress) -> Reading:
    """Check each row by itself and against those before; raises InvalidInput for a broken file."""
    if sheet.broken:
        raise InvalidInput(sheet.broken)
    if len(sheet.rows) > MOST_ROWS:
        raise InvalidInput.at("csv", Text("has more than {most:,} rows", most=MOST_ROWS))
    told.read = len(sheet.rows)
    reading = Reading(columns, Repeats(blocking))
    for line, cells in sheet.rows:
        reading.take(line, cells)
        told.checked = reading.taken
    return reading


async def changeable(viewer: Viewer, known: Known) -> frozenset[UUID]:
    """Return the customers with these keys that the viewer may change."""
    ids = iter({having.customer_id for each in known.values() for having in each})
    found = set[UUID]()
    while part := list(islice(ids, SLICE)):
        own = viewer.organization.id, part, list(viewer.administered), viewer.id
        found.update(row["id"] for row in await database.rows_custom_plan(CHANGEABLE, *own))
    return frozenset(found)


async def plan(viewer: Viewer, reading: Reading, known: Known, updatable: frozenset[UUID]) -> Plan:
    blocking = viewer.organization.duplicate_keys
    return await asyncio.to_thread(partial(_plan, reading, known, blocking, updatable))


def _plan(
    reading: Reading, known: Known, blocking: Collection[str], updatable: frozenset[UUID]
) -> Plan:
    found = Plan([], [], list(reading.problems))
    lines: dict[UUID, int] = {}
    for row in reading.rows:
        taken = list(known_columns(row, known, blocking)) if known else []
        ids = {id for _, id in taken}
        if not ids:
            found.created.append(row)
        elif len(ids) > 1 or not ids <= updatable:
            found.problems.extend(_taken(row.line, [column for column, _ in taken]))
        elif first := lines.get(id := ids.pop()):
            again = Text("is the same customer as line {line}", line=first)
            found.problems.append(Problem(f"csv.{row.line}.{taken[0][0]}", again))
        else:
            lines[id] = row.line
            found.updated.append((row, id))
    found.problems.sort(key=line_of)
    return found


def _taken(line: int, columns: Sequence[str]) -> Iterator[Problem]:
    for column in dict.fromkeys(columns):
        yield Problem(f"csv.{line}.{column}", TAKEN)
