"""Rows of a file that are customers already, by the rule of models.duplicates.exact.refuses."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from models import database
from models.customers.csv_parsing import Row
from models.duplicates.exact import refuses
from models.duplicates.keys import FIELD_OF, Key
from models.refusals import InvalidInput, Problem
from models.viewers import Viewer

MOST_PROBLEMS = 1000
TAKEN = "another customer has this value"


class Having(NamedTuple):
    """A customer that has a key, and its registration numbers."""

    customer_id: UUID
    numbers: Collection[str]


# By key, the customers that have it.
Known = dict[Key, list[Having]]

KNOWN = """
SELECT kind, key, customer_id FROM customer_key
WHERE organization_id = $1 AND key = ANY($2::text[]) AND kind = ANY($3::text[])
"""
NUMBERS = """
SELECT customer_id, array_agg(key) AS numbers FROM customer_key
WHERE organization_id = $1 AND customer_id = ANY($2::uuid[]) AND kind = 'REGISTRATION_NUMBER'
GROUP BY 1
"""
# Looked up at once. Planned for their values, a long list is read once with any index, or none.
SLICE = 5_000


async def known_keys(viewer: Viewer, rows: list[Row]) -> Known:
    """Return the keys of the rows that customers have or had and that may refuse."""
    blocking = viewer.organization.duplicate_keys
    keys = (key.value for row in rows for key in row.keys if key.kind in blocking)
    known: Known = defaultdict(list)
    while part := list(islice(keys, SLICE)):
        for key, having in await _known(viewer, part):
            known[key].append(having)
    return dict(known)


async def _known(viewer: Viewer, keys: list[str]) -> list[tuple[Key, Having]]:
    own, blocking = viewer.organization.id, list(viewer.organization.duplicate_keys)
    found = await database.rows_custom_plan(KNOWN, own, keys, blocking)
    ids = list({row["customer_id"] for row in found})
    rows = await database.rows_custom_plan(NUMBERS, own, ids) if ids else []
    numbers = {row["customer_id"]: row["numbers"] for row in rows}
    return [
        (Key(row["kind"], row["key"]), Having(id, numbers.get(id, ())))
        for row in found
        for id in [row["customer_id"]]
    ]


def refuse_known(rows: list[Row], known: Known, blocking: Collection[str]) -> None:
    """Raises InvalidInput that names each value another customer has, in the file's order."""
    found = known_problems(rows, known, blocking)
    listed = tuple(islice(found, MOST_PROBLEMS))
    if listed:
        raise InvalidInput(listed, unlisted=sum(1 for _ in found))


def known_problems(rows: list[Row], known: Known, blocking: Collection[str]) -> Iterator[Problem]:
    for row in rows if known else ():
        for column in dict.fromkeys(column for column, _ in known_columns(row, known, blocking)):
            yield Problem(f"csv.{row.line}.{column}", TAKEN)


def known_columns(row: Row, known: Known, blocking: Collection[str]) -> Iterator[tuple[str, UUID]]:
    """Yield each column by which the row is another customer, with that customer."""
    for key in row.keys:
        for customer_id, numbers in known.get(key, ()):
            if refuses([key], blocking, row.keys, numbers):
                yield FIELD_OF[key.kind], customer_id
