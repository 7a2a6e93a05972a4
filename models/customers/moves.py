"""Moving pooled customers into another pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from models import database
from models.holding import alarms
from models.refusals import AlreadyHeld, Forbidden, InvalidInput, NotFound, Refusal
from models.tables import Customer, Pool
from models.texts.text import Text
from models.viewers import Viewer, administered_pool, kept_ids

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


@dataclass(frozen=True, slots=True)
class MoveAnswer:
    """`moved`: the customer lies in the pool now, also if it did before."""

    moved: bool
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """`count` customers came from another pool; one answer for each id, in their order."""

    count: int
    answers: list[MoveAnswer]


async def move_customers(
    viewer: Viewer,
    ids: Sequence[UUID | None],
    pool_id: UUID | None,
    *,
    all_or_nothing: bool = False,
) -> Moved:
    """Move pooled customers into another pool, refusing the others one by one.

    With `all_or_nothing` one refusal keeps all where they are. If all are refused for one reason,
    it is raised. Raises NotFound, Forbidden and InvalidInput.
    """
    target = await administered_pool(viewer, pool_id)
    if len(set(ids)) > MOST_MOVED:
        raise InvalidInput.at(
            "customerIds", Text("at most {most} customers at once", most=MOST_MOVED)
        )
    async for _ in database.attempts(f"one of the customers {list(ids)}"):
        move = partial(_move, viewer, ids, target, all_or_nothing)
        if answer := await database.with_retries(move):
            moved = answer
            break
        kept = await kept_ids(viewer, ids)
        ids = [kept.get(id, id) if id else None for id in ids]
    return moved


async def _move(
    viewer: Viewer, ids: Sequence[UUID | None], target: Pool, all_or_nothing: bool
) -> Moved | None:
    """Return None if one of them was merged into another customer, which must be named instead."""
    wanted = list(dict.fromkeys(ids))
    async with database.transaction():
        customers = await _read_locked(viewer, wanted)
        if any(each.merged_into for each in customers.values()):
            return None
        refused = {id: _refusal(viewer, customers.get(id)) for id in wanted}
        stay = all_or_nothing and any(refused.values())
        free = [] if stay else [id for id, refusal in refused.items() if not refusal]
        moved = await database.rows(MOVE, viewer.organization.id, free, target.id, viewer.id)
        if moved:
            await alarms.ring()
    _raise_if_one_reason(refused)
    there = {id for id in customers if customers[id].pool_id == target.id} | set(free)
    return Moved(
        len(moved), [MoveAnswer(id in there and not refused[id], refused[id]) for id in ids]
    )


async def _read_locked(viewer: Viewer, ids: Sequence[UUID | None]) -> dict[UUID | None, Customer]:
    known = [id for id in ids if id]
    rows = viewer.of(Customer).filter(id__in=known).order_by("id")
    return {customer.id: customer for customer in await rows.select_for_update()}


def _refusal(viewer: Viewer, customer: Customer | None) -> Refusal | None:
    if customer is None or not viewer.sees_pool(customer.pool_id):
        return NotFound()
    if not viewer.administers(customer.pool_id):
        return Forbidden("Only administrators of both pools may move customers.")
    return AlreadyHeld() if customer.owner_id else None


def _raise_if_one_reason(refused: dict[UUID | None, Refusal | None]) -> None:
    reasons = set(refused.values())
    if len(reasons) == 1 and (reason := reasons.pop()):
        raise reason
