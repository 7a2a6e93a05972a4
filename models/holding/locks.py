"""Customers that their owner has locked against release, up to the pool's limit."""

from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, rewrite_holdings
from models.holding.holdings import Holding, held_by, lock_row
from models.ledger.outcomes import Held, Outcome
from models.refusals import LockLimitReached
from models.tables import Customer, Seat
from models.viewers import Viewer


async def lock(viewer: Viewer, customer_id: UUID | None) -> Outcome:
    """Nothing releases the customer until it is unlocked. Raises LockLimitReached."""
    return Held(await database.with_retries(lambda: _lock(viewer, customer_id)))


async def unlock(viewer: Viewer, customer_id: UUID | None) -> Outcome:
    """The customer's deadlines hold again, also one that has passed."""
    return Held(await database.with_retries(lambda: _unlock(viewer, customer_id)))


async def _lock(viewer: Viewer, customer_id: UUID | None) -> Customer:
    async with database.transaction():
        await lock_row(viewer, customer_id)
        holding = await held_by(viewer, customer_id)
        if holding.facts.locked:
            return holding.customer
        await _refuse_beyond_limit(viewer, holding)
        return await _write(viewer, holding, locked=True)


async def _unlock(viewer: Viewer, customer_id: UUID | None) -> Customer:
    async with database.transaction():
        await lock_row(viewer, customer_id)
        holding = await held_by(viewer, customer_id)
        if not holding.facts.locked:
            return holding.customer
        return await _write(viewer, holding, locked=False)


async def _refuse_beyond_limit(viewer: Viewer, holding: Holding) -> None:
    """One member's locks in a pool take turns at the seat, so that each counts those before."""
    pool_id, limit = holding.customer.pool_id, holding.rules.lock_limit
    seat = viewer.of(Seat).filter(pool_id=pool_id, member_id=viewer.id)
    await seat.select_for_update().only("id")
    held = viewer.of(Customer).filter(pool_id=pool_id, owner_id=viewer.id)
    if await held.filter(locked_at__not_isnull=True).count() >= limit:
        raise LockLimitReached(limit)


async def _write(viewer: Viewer, holding: Holding, *, locked: bool) -> Customer:
    change = Change(
        holding,
        holding.facts._replace(locked=locked),
        holding.calendar,
        action="LOCKED" if locked else "UNLOCKED",
        actor_id=viewer.id,
    )
    (customer,) = await rewrite_holdings([change])
    await alarms.arm([customer], holding.now)
    return customer
