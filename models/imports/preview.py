"""What an import of a sheet would do; it changes nothing.

It tells of the customers that the viewer may see, and of no other: an import tells of those too,
and counts its look-ups. So a preview of guesses tells nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from models.customers.csv_columns import IGNORED
from models.customers.csv_hidden import visible_keys
from models.customers.csv_known import known_keys
from models.customers.csv_parsing import MOST_PROBLEMS
from models.imports import planning, stored
from models.imports.opening import Opened, mapped, opened
from models.imports.paths import named_sheet, of_sheet
from models.imports.progress import Progress
from models.refusals import InvalidInput, Problem
from models.sheets.collecting import full_collections_wait
from models.viewers import Viewer, administered_pool

FIRST = 10
LONGEST_CELL = 200
NOTHING = planning.Plan([], [], [])


@dataclass(frozen=True, slots=True)
class Preview:
    """`mapping` has the field of each column, None for one that is passed over."""

    sheet: stored.Sheet
    delimiter: str
    header: list[str]
    mapping: list[str | None]
    first: list[list[str]]
    rows: int
    created: int
    updated: int
    refused: int
    problems: tuple[Problem, ...]
    unlisted: int


async def preview_import(
    viewer: Viewer,
    pool_id: UUID | None,
    sheet_id: UUID | None,
    mapping: Sequence[str | None] | None,
    *,
    updates: bool,
    worksheet: str | None = None,
) -> Preview:
    """Raises InvalidInput for a sheet without a header."""
    await administered_pool(viewer, pool_id)
    sheet = await stored.read(viewer, sheet_id, worksheet)
    with named_sheet(), full_collections_wait():
        found = await asyncio.to_thread(opened, sheet)
        columns, wrong = mapped(found, mapping)
        plan, broken = NOTHING, wrong
        if not wrong:
            plan, broken = await _plan(viewer, found, columns, updates)
    problems = [*broken, *plan.problems]
    return Preview(
        sheet,
        found.delimiter,
        [each[:LONGEST_CELL] for each in found.header],
        [None if each == IGNORED else each for each in columns],
        [[cell[:LONGEST_CELL] for cell in cells] for _, cells in found.rows[:FIRST]],
        len(found.rows),
        len(plan.created),
        len(plan.updated),
        len(plan.bad_lines),
        of_sheet(problems[:MOST_PROBLEMS]),
        len(problems[MOST_PROBLEMS:]),
    )


async def _plan(
    viewer: Viewer, found: Opened, columns: list[str], updates: bool
) -> tuple[planning.Plan, tuple[Problem, ...]]:
    """Return the plan, and why the file can't be imported at all."""
    blocking = viewer.organization.duplicate_keys
    try:
        act = partial(planning.read, found, columns, blocking, Progress())
        reading = await asyncio.to_thread(act)
    except InvalidInput as broken:
        return NOTHING, broken.problems
    known = await known_keys(viewer, reading.rows)
    if not viewer.is_admin:
        known = await visible_keys(viewer, known)
    may_change = await planning.changeable(viewer, known) if updates else frozenset[UUID]()
    return await planning.plan(viewer, reading, known, may_change), ()
