"""Customers that their owner has locked against release, up to the pool's limit."""

from dataclasses import replace
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, rewrite_holdings
from models.holding.holdings import Holding, held_by
from models.ledger.outcomes import Held, Outcome
from models.refusals import LockLimitReached
from models.tables import Customer
from models.viewers import Viewer

HOLD_STILL = "SELECT id FROM customer WHERE organization_id = $1 AND id = $2 FOR UPDATE"
# Two locks at once by one member take turns here; what the first one did shows to the count.
TAKE_TURNS = "SELECT id FROM seat WHERE pool_id = $1 AND member_id = $2 FOR UPDATE"
COUNT = """
SELECT count(*) AS locked FROM customer
WHERE pool_id = $1 AND owner_id = $2 AND locked_at IS NOT NULL
"""


async def lock(viewer: Viewer, customer_id: UUID | None) -> Outcome:
    """Nothing releases it until it is unlocked, however long that is."""
    return Held(await _turn(viewer, customer_id, locked=True))


async def unlock(viewer: Viewer, customer_id: UUID | None) -> Outcome:
    """Its deadlines hold again, also one that has passed meanwhile."""
    return Held(await _turn(viewer, customer_id, locked=False))


async def _turn(viewer: Viewer, customer_id: UUID | None, *, locked: bool) -> Customer:
    async def act() -> Customer:
        async with database.transaction():
            await database.rows(HOLD_STILL, viewer.organization.id, customer_id)
            holding = await held_by(viewer, customer_id)
            if locked == (holding.customer.locked_at is not None):
                return holding.customer
            if locked:
                await _check_limit(viewer, holding)
            return await _write(viewer, holding, locked=locked)

    return await database.with_retries(act)


async def _check_limit(viewer: Viewer, holding: Holding) -> None:
    place = (holding.customer.pool_id, viewer.id)
    await database.rows(TAKE_TURNS, *place)
    count = (await database.rows(COUNT, *place))[0]["locked"]
    if count >= holding.rules.lock_limit:
        raise LockLimitReached(holding.rules.lock_limit)


async def _write(viewer: Viewer, holding: Holding, *, locked: bool) -> Customer:
    change = Change(
        holding,
        replace(holding.facts, locked=locked),
        holding.calendar,
        action="LOCKED" if locked else "UNLOCKED",
        actor_id=viewer.id,
    )
    (customer,) = await rewrite_holdings([change])
    await alarms.arm([customer], holding.now)
    return customer
