"""Releases what leavers held."""

from uuid import UUID

from models import database
from models.ownership.drain import BATCH
from models.ownership.releases import RELEASE, _released
from models.rules.deadlines import ReleaseReason

LEAVERS = RELEASE.replace(
    "{which}",
    """
  JOIN member m ON m.id = c.owner_id AND NOT m.active
  WHERE m.id = $5 ORDER BY c.id LIMIT $6 FOR UPDATE OF c""",
)
# Whoever comes first, the sweep or the request itself, lets them go as the ledger says.
LEFT = """
SELECT m.id, l.actor_id, l.pool_id FROM member m LEFT JOIN LATERAL (
  SELECT actor_id, pool_id FROM event WHERE member_id = m.id AND action = 'MEMBER_LEFT'
  ORDER BY seq DESC LIMIT 1
) AS l ON true
WHERE NOT m.active AND EXISTS (SELECT FROM customer c WHERE c.owner_id = m.id)
"""
WENT_BACK = """
SELECT count(*) AS count FROM event
WHERE member_id = $1 AND action = 'RELEASED' AND release_reason = 'MEMBER_LEFT'
"""


async def release_all_of(member_id: UUID, actor_id: UUID | None, pool_id: UUID | None) -> int:
    """Release all that a leaver holds, into a pool if named; answers how many went back by now."""
    reason = ReleaseReason.MEMBER_LEFT
    while await _released(LEAVERS, reason, None, actor_id, pool_id, member_id, BATCH):
        pass
    return await count_released_of(member_id)


async def count_released_of(member_id: UUID) -> int:
    """How many customers of a leaver ever went back."""
    return int((await database.rows(WENT_BACK, member_id))[0]["count"])


async def release_leavers() -> int:
    """Release what members who have left still hold, as was said when they left."""
    leavers = await database.rows(LEFT)
    for leaver in leavers:
        await release_all_of(leaver["id"], leaver["actor_id"], leaver["pool_id"])
    return len(leavers)
