"""Moving pooled customers into another pool."""

from collections.abc import Sequence
from uuid import UUID

from models import database
from models.holding import alarms
from models.refusals import AlreadyHeld, Forbidden, InvalidInput, NotFound
from models.tables import Customer
from models.texts.text import Text
from models.viewers import Viewer, administered_pool

MOST_MOVED = 1000
MOVE = """
WITH moved AS (
  -- 1. moved: those that are not there already, new to their pool
  UPDATE customer c SET pool_id = $3, opened_at = now(), entered_at = now()
  WHERE c.organization_id = $1 AND c.id = ANY($2) AND c.pool_id <> $3 RETURNING c.*
), logged AS (
  -- 2. logged: one event for each
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
  SELECT organization_id, id, epoch, 'MOVED', $4, pool_id FROM moved
)
SELECT id FROM moved
"""


async def move_customers(viewer: Viewer, ids: Sequence[UUID | None], pool_id: UUID | None) -> int:
    """Move pooled customers into another pool, all of them or none; return how many moved."""
    target = await administered_pool(viewer, pool_id)
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_MOVED:
        raise InvalidInput.at(
            "customerIds", Text("at most {most} customers at once", most=MOST_MOVED)
        )
    async with database.transaction():
        customers = await _read_locked(viewer, wanted)
        _refuse_any(viewer, customers, len(wanted))
        locked = [customer.id for customer in customers]
        moved = await database.rows(MOVE, viewer.organization.id, locked, target.id, viewer.id)
        await alarms.ring()
    return len(moved)


async def _read_locked(viewer: Viewer, ids: Sequence[UUID | None]) -> list[Customer]:
    known = [id for id in ids if id]
    return await viewer.of(Customer).filter(id__in=known).order_by("id").select_for_update()


def _refuse_any(viewer: Viewer, customers: list[Customer], wanted: int) -> None:
    if len(customers) < wanted or not all(viewer.sees_pool(each.pool_id) for each in customers):
        raise NotFound
    if not all(viewer.administers(each.pool_id) for each in customers):
        raise Forbidden("Only administrators of both pools may move customers.")
    if any(each.owner_id for each in customers):
        raise AlreadyHeld
