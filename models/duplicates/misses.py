"""Look-ups of what nobody has: a few are a day's work, many are guesses, and admins are told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from models import database
from models.duplicates.lookups import HOURS_A_DAY
from models.viewers import Viewer

# Told when this part of a day's look-ups have missed.
TOLD_AT = 3
MOST_SHOWN = 100
log = structlog.get_logger()

MISS = f"""
WITH counted AS (
  -- 1. counted: the member's misses of the day of their last look-up
  UPDATE lookup l SET misses = l.misses + $3::integer FROM organization o
  WHERE o.id = $1 AND l.organization_id = o.id AND l.member_id = $2
  RETURNING l.organization_id, l.member_id, l.misses, l.day,
    greatest(o.lookup_limit * {HOURS_A_DAY} / {TOLD_AT}, 1) AS many
), told AS (
  -- 2. told: once a day, when there are many
  INSERT INTO event (organization_id, action, actor_id, details)
  SELECT organization_id, 'LOOKUPS_MISSED', member_id,
    jsonb_build_object('misses', misses, 'day', day)
  FROM counted WHERE misses >= many AND misses - $3::integer < many
  RETURNING organization_id, actor_id
)
SELECT organization_id, actor_id FROM told
"""
TOLD = """
SELECT actor_id AS member_id, (details ->> 'misses')::integer AS misses, at FROM event
WHERE organization_id = $1 AND action = 'LOOKUPS_MISSED' ORDER BY seq DESC LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class ManyMisses:
    """`misses` look-ups of one member and day had found nobody by then."""

    member_id: UUID
    misses: int
    at: datetime


async def missed(viewer: Viewer, count: int = 1) -> None:
    """Count look-ups that found nobody; admins may see all, so theirs are not counted."""
    if viewer.is_admin:
        return
    for _ in await database.rows(MISS, viewer.organization.id, viewer.id, count):
        log.warning(
            "a member looks up much that nobody has: see Organization.manyMisses",
            organization=str(viewer.organization.id),
            member=str(viewer.id),
        )


async def many_misses(viewer: Viewer) -> list[ManyMisses]:
    """Return who looked up much that nobody has, the newest first; raises Forbidden."""
    viewer.require_admin()
    rows = await database.rows(TOLD, viewer.organization.id, MOST_SHOWN)
    return [ManyMisses(**row) for row in rows]
