"""How many duplicates a member may look up in an hour: each answer tells who is a customer."""

import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from models import database
from models.duplicates.keys import Key
from models.refusals import TooManyLookups
from models.viewers import Viewer

ATTEMPTS = 10

# The newest moments come first. A look-up that counts several times has its moment several times.
TAKE = """
INSERT INTO lookup AS l (organization_id, member_id, times)
SELECT o.id, $2, array_fill(clock_timestamp(), ARRAY[least($3::integer, o.lookup_limit)])
FROM organization o WHERE o.id = $1
ON CONFLICT ON CONSTRAINT lookup_once DO UPDATE
SET times = excluded.times || ARRAY(
  SELECT t FROM unnest(l.times) AS t WHERE t > excluded.times[1] - interval '1 hour')
WHERE cardinality(excluded.times) + (
  SELECT count(*) FROM unnest(l.times) AS t WHERE t > excluded.times[1] - interval '1 hour'
) <= (SELECT o.lookup_limit FROM organization o WHERE o.id = $1)
RETURNING times[1] AS at
"""
# The moment from which enough of the counted ones are an hour old.
FREE_AT = """
SELECT counted.at + interval '1 hour' AS resets_at
FROM organization o JOIN lookup l ON l.organization_id = o.id AND l.member_id = $2,
LATERAL (
  SELECT t AS at, row_number() OVER (ORDER BY t DESC) AS number
  FROM unnest(l.times) AS t WHERE t > clock_timestamp() - interval '1 hour'
) AS counted
WHERE o.id = $1
  AND counted.number = o.lookup_limit - least($3::integer, o.lookup_limit) + 1
"""
GIVE_BACK = """
UPDATE lookup SET times = array_remove(times, $3) WHERE organization_id = $1 AND member_id = $2
"""


async def take(viewer: Viewer, keys: Iterable[Key] = ()) -> datetime:
    """Count one look-up, or one for each phone number among the keys; return its moment.

    Raises TooManyLookups over the organization's limit in the last hour. Concurrent look-ups of one
    member take turns on the row, until the commit; a transaction that fails uncounts its own.
    """
    numbers = sum(1 for key in keys if key.kind == "PHONE")
    wanted = (viewer.organization.id, viewer.id, max(1, numbers))
    for _ in database.attempts(ATTEMPTS, "the look-ups of a member"):
        if taken := await database.rows(TAKE, *wanted):
            break
        if full := await database.rows(FREE_AT, *wanted):
            raise TooManyLookups(full[0]["resets_at"])
    taken_at: datetime = taken[0]["at"]
    return taken_at


@contextlib.asynccontextmanager
async def counted(viewer: Viewer, keys: Iterable[Key]) -> AsyncIterator[None]:
    """Count what happens inside as a look-up, unless it succeeds; raises TooManyLookups."""
    taken_at = await take(viewer, keys)
    yield
    await give_back(viewer, taken_at)


async def give_back(viewer: Viewer, taken_at: datetime) -> None:
    """Uncount the look-up of this moment: its registration succeeded, so it told nothing."""
    await database.rows(GIVE_BACK, viewer.organization.id, viewer.id, taken_at)
