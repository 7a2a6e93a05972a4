"""Rows of a file that are customers already, by the rule of models.duplicates.exact.refuses."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from models import database
from models.customers.csv_parsing import Row
from models.duplicates.exact import refuses
from models.duplicates.keys import FIELD_OF, Key
from models.refusals import InvalidInput, Problem
from models.viewers import Viewer

MOST_PROBLEMS = 1000
# Of each key, the registration numbers of the customers that have it.
Known = dict[Key, list[Collection[str]]]

# One pass by the keys alone, whichever index a planner without statistics takes.
KNOWN = """
SELECT k.kind, k.key, ARRAY(SELECT r.key FROM customer_key r
  WHERE r.organization_id = k.organization_id AND r.customer_id = k.customer_id
    AND r.kind = 'REGISTRATION_NUMBER') AS numbers
FROM customer_key k
WHERE k.organization_id = $1 AND k.key = ANY($2::text[]) AND k.kind = ANY($3::text[])
"""


@dataclass(frozen=True, slots=True)
class Record:
    row: Row
    keys: tuple[Key, ...]


async def known_keys(viewer: Viewer, records: list[Record]) -> Known:
    """Return the keys of the records that customers have or had and that may refuse."""
    blocking = viewer.organization.duplicate_keys
    keys = [key.value for record in records for key in record.keys if key.kind in blocking]
    known: Known = defaultdict(list)
    for row in await database.rows(KNOWN, viewer.organization.id, keys, list(blocking)):
        known[Key(row["kind"], row["key"])].append(row["numbers"])
    return dict(known)


def refuse_known(records: list[Record], known: Known, blocking: Collection[str]) -> None:
    """Raises InvalidInput that names each value another customer has, in the file's order."""
    problems = [
        Problem(f"csv.{record.row.line}.{column}", "another customer has this value")
        for record in (records if known else ())
        for column in dict.fromkeys(_known_columns(record, known, blocking))
    ]
    if problems:
        listed = tuple(problems[:MOST_PROBLEMS])
        raise InvalidInput(listed, unlisted=len(problems) - len(listed))


def _known_columns(record: Record, known: Known, blocking: Collection[str]) -> Iterator[str]:
    for key in record.keys:
        if any(refuses([key], blocking, record.keys, each) for each in known.get(key, ())):
            yield FIELD_OF[key.kind]
