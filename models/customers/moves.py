"""Customers moved into another pool."""

from collections.abc import Sequence
from uuid import UUID

from models import database
from models.holding import alarms
from models.refusals import AlreadyHeld, Forbidden, InvalidInput, NotFound
from models.texts.text import Text
from models.viewers import Viewer, administered_pool

MOST_MOVED = 1000
TO_MOVE = """
SELECT c.id, c.pool_id, c.owner_id FROM customer c
WHERE c.organization_id = $1 AND c.id = ANY($2) ORDER BY c.id FOR UPDATE
"""
MOVE = """
WITH moved AS (
  UPDATE customer c SET pool_id = $3, opened_at = now(), entered_at = now()
  WHERE c.organization_id = $1 AND c.id = ANY($2) AND c.pool_id <> $3 RETURNING c.*
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
  SELECT organization_id, id, epoch, 'MOVED', $4, pool_id FROM moved
)
SELECT id FROM moved
"""


async def move_customers(viewer: Viewer, ids: Sequence[UUID | None], pool_id: UUID | None) -> int:
    """Into another pool: pooled ones only; all of them or none."""
    target = await administered_pool(viewer, pool_id)
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_MOVED:
        raise InvalidInput.at(
            "customerIds", Text("at most {most} customers at once", most=MOST_MOVED)
        )
    async with database.transaction():
        rows = await database.rows(TO_MOVE, viewer.organization.id, [id for id in wanted if id])
        if len(rows) < len(wanted) or not all(viewer.sees_pool(row["pool_id"]) for row in rows):
            raise NotFound
        if not all(viewer.administers(row["pool_id"]) for row in rows):
            raise Forbidden("Only administrators of both pools may move customers.")
        if any(row["owner_id"] for row in rows):
            raise AlreadyHeld
        ids = [row["id"] for row in rows]
        moved = await database.rows(MOVE, viewer.organization.id, ids, target.id, viewer.id)
        await alarms.ring()
    return len(moved)
