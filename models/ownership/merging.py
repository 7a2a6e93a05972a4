"""Merging two customers that are one: one is kept, the other's id answers with it from then on."""

from uuid import UUID

from tortoise.expressions import Q

from models import database
from models.duplicates.backlog import keep_of
from models.holding import alarms
from models.holding.changes import rewrite_holdings
from models.holding.deals import carried_change
from models.holding.holdings import read_holdings
from models.ledger.outcomes import CustomersMerged, Outcome
from models.ownership.merge_statement import MERGE
from models.ownership.release_statement import Release, write_release
from models.ownership.releases import CHOSEN, checked_reason
from models.refusals import Forbidden, InvalidInput, NotFound
from models.rules.deadlines import ReleaseReason
from models.tables import Customer
from models.viewers import Viewer, find_one


async def merge(viewer: Viewer, keep_id: UUID | None, drop_id: UUID | None, reason: str) -> Outcome:
    """Keep one customer, with the keys, history and missing fields of the other.

    For administrators of both pools; never undone. An owner of the dropped one loses it, so nobody
    holds more than before. Raises NotFound, Forbidden and InvalidInput.
    """
    words = checked_reason(reason)
    return CustomersMerged(
        await database.with_retries(lambda: _merge(viewer, keep_id, drop_id, words))
    )


async def _merge(
    viewer: Viewer, keep_id: UUID | None, drop_id: UUID | None, words: str
) -> Customer:
    async with database.transaction():
        keep = await find_one(viewer, Customer, keep_id)
        drop = await find_one(viewer, Customer, drop_id)
        _refuse(viewer, keep, drop)
        keep, drop = await _locked(viewer, keep, drop)
        _refuse(viewer, keep, drop)
        await keep_of(viewer.organization.id, [keep.id, drop.id])
        if drop.owner_id:
            await _release(viewer, drop, words)
        if keep.owner_id and keep.owner_id == drop.owner_id and drop.won_at and not keep.won_at:
            await _carry_deal(viewer, keep, drop)
        values = (keep.id, drop.id, viewer.id, words, drop.pool_id)
        await database.rows(MERGE, viewer.organization.id, *values)
        await alarms.ring()
        return await find_one(viewer, Customer, keep.id)


def _refuse(viewer: Viewer, keep: Customer, drop: Customer) -> None:
    if not viewer.sees(keep) or not viewer.sees(drop):
        raise NotFound
    if keep.id == drop.id:
        raise InvalidInput.at("drop", "is the customer that is kept; name another one")
    if not viewer.administers(keep.pool_id) or not viewer.administers(drop.pool_id):
        raise Forbidden("Only administrators of both pools may merge customers.")
    if drop.owner_id and not keep.owner_id:
        raise InvalidInput.at("keep", "lies in the pool: keep the one that is held, or release it")


async def _locked(viewer: Viewer, keep: Customer, drop: Customer) -> tuple[Customer, Customer]:
    """Lock both, and whatever was merged into `drop` before, in id order like every verb.

    Raises StaleRead if one of them was merged meanwhile, or another one into `drop`.
    """
    theirs = Q(id__in=[keep.id, drop.id]) | Q(merged_into=drop.id)
    rows = viewer.of(Customer).filter(theirs).order_by("id")
    found = {row.id: row for row in await rows.select_for_update()}
    before = await viewer.of(Customer).filter(merged_into=drop.id)
    if found[keep.id].merged_into or found[drop.id].merged_into:
        raise database.StaleRead
    if not found.keys() >= {row.id for row in before}:
        raise database.StaleRead
    return found[keep.id], found[drop.id]


async def _release(viewer: Viewer, drop: Customer, words: str) -> None:
    """Raises StaleRead if the seat is newer than the statement's snapshot."""
    release = Release(
        reason=ReleaseReason.MERGED, words=words, actor_id=viewer.id, to_pool=drop.pool_id
    )
    scope = (viewer.organization.id, drop.id, drop.pool_id, None)
    if not await write_release(CHOSEN, release, *scope):
        raise database.StaleRead


async def _carry_deal(viewer: Viewer, keep: Customer, drop: Customer) -> None:
    """Leave out a deal whose contract is over: it would release the customer at once."""
    assert drop.won_at
    (holding,) = await read_holdings(viewer.organization.id, [keep.id])
    details = {"dropped": str(drop.id), "from_pool": str(drop.pool_id)}
    change = carried_change(holding, viewer.id, drop.won_at, details)
    release_at = change.schedule().release_at
    if release_at is None or release_at > holding.now:
        await alarms.arm(await rewrite_holdings([change]), holding.now)
