"""What is left of a member's look-ups of a day, for those who ask for many keys at once."""

from models import database
from models.duplicates.lookups import HOURS_A_DAY
from models.viewers import Viewer

LEFT = f"""
SELECT greatest(o.lookup_limit * {HOURS_A_DAY} - coalesce(l.today, 0), 0) AS left_today
FROM organization o LEFT JOIN lookup l ON l.organization_id = o.id AND l.member_id = $2
  AND l.day >= (clock_timestamp() AT TIME ZONE o.time_zone)::date
WHERE o.id = $1
"""
SPEND = f"""
INSERT INTO lookup AS l (organization_id, member_id, times, day, today)
SELECT o.id, $2, ARRAY[]::timestamptz[], (clock_timestamp() AT TIME ZONE o.time_zone)::date,
  $3::integer
FROM organization o WHERE o.id = $1 AND $3::integer <= o.lookup_limit * {HOURS_A_DAY}
ON CONFLICT ON CONSTRAINT lookup_once DO UPDATE
SET day = excluded.day,
  today = excluded.today + CASE WHEN l.day >= excluded.day THEN l.today ELSE 0 END,
  misses = CASE WHEN l.day >= excluded.day THEN l.misses ELSE 0 END
WHERE l.day < excluded.day OR l.day IS NULL OR l.today + excluded.today
  <= (SELECT o.lookup_limit * {HOURS_A_DAY} FROM organization o WHERE o.id = $1)
RETURNING l.today
"""


async def left_today(viewer: Viewer) -> int:
    """Return how many look-ups the viewer may still make today."""
    (row,) = await database.rows(LEFT, viewer.organization.id, viewer.id)
    return int(row["left_today"])


async def spend(viewer: Viewer, count: int) -> bool:
    """Count look-ups of today; return False, and count none, if there are not so many left."""
    return bool(await database.rows(SPEND, viewer.organization.id, viewer.id, count))
