"""How many duplicates a member may look up: each answer tells who is a customer.

There is a limit for a moving hour, and five times as many for a day. In the hour an answer counts
unless it was a success; in the day each counts, as a success tells that nobody has the key. Admins
may see all contacts, so no day is counted for them.
"""

import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from models import database
from models.duplicates.keys import Key
from models.refusals import TooManyLookups
from models.viewers import Viewer

HOURS_A_DAY = 5

# The newest moments come first. A look-up that counts several times has its moment several times.
# $4: the day is not limited.
TAKE = f"""
INSERT INTO lookup AS l (organization_id, member_id, times, day, today)
SELECT o.id, $2, array_fill(clock_timestamp(), ARRAY[least($3::integer, o.lookup_limit)]),
  (clock_timestamp() AT TIME ZONE o.time_zone)::date, least($3::integer, o.lookup_limit)
FROM organization o WHERE o.id = $1
ON CONFLICT ON CONSTRAINT lookup_once DO UPDATE
SET times = excluded.times || ARRAY(
    SELECT t FROM unnest(l.times) AS t WHERE t > excluded.times[1] - interval '1 hour'),
  day = excluded.day,
  today = excluded.today + CASE WHEN l.day >= excluded.day THEN l.today ELSE 0 END,
  misses = CASE WHEN l.day >= excluded.day THEN l.misses ELSE 0 END
WHERE cardinality(excluded.times) + (
  SELECT count(*) FROM unnest(l.times) AS t WHERE t > excluded.times[1] - interval '1 hour'
) <= (SELECT o.lookup_limit FROM organization o WHERE o.id = $1)
AND ($4 OR l.day < excluded.day OR l.day IS NULL OR l.today + excluded.today
  <= (SELECT o.lookup_limit * {HOURS_A_DAY} FROM organization o WHERE o.id = $1))
RETURNING times[1] AS at
"""
# `free_at`: the moment from which enough of the counted ones are an hour old.
FULL = f"""
SELECT (
  SELECT counted.at + interval '1 hour' FROM (
    SELECT t AS at, row_number() OVER (ORDER BY t DESC) AS number
    FROM unnest(l.times) AS t WHERE t > clock_timestamp() - interval '1 hour') AS counted
  WHERE counted.number = o.lookup_limit - least($3::integer, o.lookup_limit) + 1
) AS free_at,
  coalesce(l.day >= (clock_timestamp() AT TIME ZONE o.time_zone)::date
    AND l.today + least($3::integer, o.lookup_limit) > o.lookup_limit * {HOURS_A_DAY}
    AND NOT $4, false) AS day_is_full,
  clock_timestamp() AS now
FROM organization o JOIN lookup l ON l.organization_id = o.id AND l.member_id = $2
WHERE o.id = $1
"""
GIVE_BACK = """
UPDATE lookup SET times = array_remove(times, $3) WHERE organization_id = $1 AND member_id = $2
"""


async def take(viewer: Viewer, keys: Iterable[Key] = ()) -> datetime:
    """Count one look-up, or one for each phone number among the keys; return its moment.

    Raises TooManyLookups over the organization's limit in the last hour or today. Concurrent
    look-ups of one member take turns on the row, until the commit; a transaction that fails
    uncounts its own.
    """
    wanted = (viewer.organization.id, viewer.id, cost(keys), viewer.is_admin)
    async for _ in database.attempts("the look-ups of a member"):
        if taken := await database.rows(TAKE, *wanted):
            break
        for row in await database.rows(FULL, *wanted):
            if moments := _free_from(viewer, row):
                raise TooManyLookups(max(moments))
    taken_at: datetime = taken[0]["at"]
    return taken_at


def cost(keys: Iterable[Key]) -> int:
    """Return how many look-ups the keys are, if they are asked for together."""
    return max(1, sum(1 for key in keys if key.kind == "PHONE"))


@contextlib.asynccontextmanager
async def counted(viewer: Viewer, keys: Iterable[Key]) -> AsyncIterator[None]:
    """Count what happens inside as a look-up, in the hour only if it fails.

    Raises TooManyLookups.
    """
    taken_at = await take(viewer, keys)
    yield
    await give_back(viewer, taken_at)


async def give_back(viewer: Viewer, taken_at: datetime) -> None:
    """Uncount the look-up of this moment in its hour."""
    await database.rows(GIVE_BACK, viewer.organization.id, viewer.id, taken_at)


def _free_from(viewer: Viewer, row: dict[str, Any]) -> list[datetime]:
    moments = [row["free_at"]] if row["free_at"] else []
    if row["day_is_full"]:
        moments.append(viewer.organization.calendar.next_midnight(row["now"]))
    return moments
