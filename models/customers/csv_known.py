"""Rows of a file that are customers already, by the rule of models.duplicates.exact.refuses."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice

from models import database
from models.customers.csv_parsing import Row
from models.duplicates.exact import refuses
from models.duplicates.keys import FIELD_OF, Key
from models.refusals import InvalidInput, Problem
from models.viewers import Viewer

MOST_PROBLEMS = 1000
# Of each key, the registration numbers of the customers that have it.
Known = dict[Key, list[Collection[str]]]

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
    keys = [key.value for row in rows for key in row.keys if key.kind in blocking]
    known: Known = defaultdict(list)
    for start in range(0, len(keys), SLICE):
        for key, numbers in await _known(viewer, keys[start : start + SLICE]):
            known[key].append(numbers)
    return dict(known)


async def _known(viewer: Viewer, keys: list[str]) -> list[tuple[Key, Collection[str]]]:
    own, blocking = viewer.organization.id, list(viewer.organization.duplicate_keys)
    found = await database.rows_custom_plan(KNOWN, own, keys, blocking)
    having = list({row["customer_id"] for row in found})
    rows = await database.rows_custom_plan(NUMBERS, own, having) if having else []
    numbers = {row["customer_id"]: row["numbers"] for row in rows}
    return [(Key(row["kind"], row["key"]), numbers.get(row["customer_id"], ())) for row in found]


def refuse_known(rows: list[Row], known: Known, blocking: Collection[str]) -> None:
    """Raises InvalidInput that names each value another customer has, in the file's order."""
    found = (
        (row.line, column)
        for row in (rows if known else ())
        for column in dict.fromkeys(_known_columns(row, known, blocking))
    )
    listed = tuple(
        Problem(f"csv.{line}.{column}", "another customer has this value")
        for line, column in islice(found, MOST_PROBLEMS)
    )
    if listed:
        raise InvalidInput(listed, unlisted=sum(1 for _ in found))


def _known_columns(row: Row, known: Known, blocking: Collection[str]) -> Iterator[str]:
    for key in row.keys:
        if any(refuses([key], blocking, row.keys, each) for each in known.get(key, ())):
            yield FIELD_OF[key.kind]
