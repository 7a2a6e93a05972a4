"""Hands on or releases what members who have left the organization still hold."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from models import database
from models.ownership.drain import BATCH
from models.ownership.hand_over import held_by
from models.ownership.handing import Handing
from models.ownership.release_statement import WITH_SEATS, Release, release_sql, write_release
from models.rules.deadlines import ReleaseReason
from models.sharding.share import ALL, Share
from models.tables import Member
from models.viewers import Viewer, find, viewer

LEAVERS = database.skip_locked(
    release_sql(
        f"""{WITH_SEATS}
  JOIN member m ON m.organization_id = c.organization_id AND m.id = c.owner_id
    AND NOT m.active
  WHERE m.organization_id = $6 AND m.id = $7 ORDER BY c.id LIMIT $8 FOR UPDATE OF c, s""",
        organization="$6",
    )
)
# Inactive members who still hold customers, with what their MEMBER_LEFT event says: who did it, to
# which pool and to whom their customers go.
LEFT = """
SELECT m.organization_id, m.id, l.actor_id, l.pool_id, l.receivers
FROM member m LEFT JOIN LATERAL (
  SELECT actor_id, pool_id, details ->> 'hand_over_to' AS receivers FROM event e
  WHERE e.organization_id = m.organization_id AND e.member_id = m.id AND e.action = 'MEMBER_LEFT'
  ORDER BY e.seq DESC LIMIT 1
) AS l ON true
WHERE NOT m.active AND EXISTS (
  SELECT FROM customer c WHERE c.organization_id = m.organization_id AND c.owner_id = m.id)
"""
LEFT_OF = f"{LEFT} AND m.organization_id = $1 AND m.id = $2"
# Only since they last left: a leaver may have returned meanwhile. Not a queryset: its values would
# be parameters, and then no plan finds the index event_leavers.
WENT_BACK = """
SELECT count(*) AS count FROM event
WHERE organization_id = $1 AND member_id = $2 AND action = 'RELEASED'
  AND release_reason = 'MEMBER_LEFT' AND seq > (
    SELECT max(seq) FROM event
    WHERE organization_id = $1 AND member_id = $2 AND action = 'MEMBER_LEFT')
"""

HANDED_ON = """
SELECT count(*) AS count FROM event
WHERE organization_id = $1 AND former_id = $2 AND action = 'TRANSFERRED' AND seq > (
  SELECT max(seq) FROM event
  WHERE organization_id = $1 AND member_id = $2 AND action = 'MEMBER_LEFT')
"""


async def hand_on_all_of(
    actor: Viewer, member_id: UUID, receivers: Sequence[Member], pool_id: UUID | None
) -> None:
    """Hand on all that a leaver holds, in turn; where nobody has room, release it."""
    release = Release(reason=ReleaseReason.MEMBER_LEFT, actor_id=actor.id, to_pool=pool_id)
    handing = Handing(actor, member_id, receivers, release)
    while ids := await held_by(actor, member_id):
        await handing.hand_on(ids)


async def release_all_of(
    organization_id: UUID, member_id: UUID, actor_id: UUID | None, pool_id: UUID | None
) -> None:
    """Release all that a leaver holds: into the pool if named, else where the rules send them.

    Rows in use are left to the sweep.
    """
    release = Release(reason=ReleaseReason.MEMBER_LEFT, actor_id=actor_id, to_pool=pool_id)
    while await write_release(LEAVERS, release, organization_id, member_id, BATCH):
        pass


async def count_released_of(organization_id: UUID, member_id: UUID) -> int:
    """Return how many customers of a leaver went back since they left."""
    return int((await database.rows(WENT_BACK, organization_id, member_id))[0]["count"])


async def count_handed_on_of(organization_id: UUID, member_id: UUID) -> int:
    """Return how many customers of a leaver went to others since they left."""
    return int((await database.rows(HANDED_ON, organization_id, member_id))[0]["count"])


async def release_leavers(share: Share = ALL) -> int:
    """Hand on or release what leavers still hold, as their MEMBER_LEFT event says.

    Return how many leavers.
    """
    return await _release(share.of(await database.rows(LEFT)))


async def release_rest_of(organization_id: UUID, member_id: UUID) -> None:
    """Hand on or release what this leaver still holds, as their MEMBER_LEFT event says."""
    await _release(await database.rows(LEFT_OF, organization_id, member_id))


async def _release(leavers: list[dict[str, Any]]) -> int:
    for each in leavers:
        whose = (each["organization_id"], each["id"])
        if each["receivers"]:
            await _hand_on(*whose, each["actor_id"], each["pool_id"], json.loads(each["receivers"]))
        await release_all_of(*whose, each["actor_id"], each["pool_id"])
    return len(leavers)


async def _hand_on(
    organization_id: UUID,
    member_id: UUID,
    actor_id: UUID,
    pool_id: UUID | None,
    receivers: list[str],
) -> None:
    """Unless the admin whose decision it was has left too, or all the receivers."""
    if actor := await viewer(organization_id, actor_id):
        found = await find(actor, Member, map(UUID, receivers))
        if active := [each for id in receivers if (each := found[UUID(id)]).active]:
            await hand_on_all_of(actor, member_id, active, pool_id)
