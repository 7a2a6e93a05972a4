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
from models.ownership.release_statement import Release, write_release
from models.ownership.releases import CHOSEN, checked_reason
from models.refusals import Forbidden, InvalidInput, NotFound
from models.rules.deadlines import ReleaseReason
from models.tables import Customer
from models.viewers import Viewer, find_one

# After the owner of the dropped one, if any, has lost it. A loss is carried over with its time and
# the pool that it was lost from, for the cool-down.
MERGE = """
WITH dropped AS (
  -- 1. dropped: in no pool any more
  UPDATE customer SET pool_id = NULL, merged_into = $2,
    keyed_at = coalesce(keyed_at, clock_timestamp())
  WHERE organization_id = $1 AND id = $3 RETURNING *
), pointed AS (
  -- 2. pointed: what was merged into the dropped one before is merged into the kept one
  UPDATE customer SET merged_into = $2 WHERE organization_id = $1 AND merged_into = $3
), kept AS (
  -- 3. kept: what is not known of it is known of the dropped one
  UPDATE customer c SET absorbed = true, keyed_at = clock_timestamp(),
    person = coalesce(c.person, d.person), phone = coalesce(c.phone, d.phone),
    email = coalesce(c.email, d.email),
    registration_number = coalesce(c.registration_number, d.registration_number),
    phone_key = CASE WHEN c.phone IS NULL THEN d.phone_key ELSE c.phone_key END,
    email_key = CASE WHEN c.email IS NULL THEN d.email_key ELSE c.email_key END,
    registration_key = CASE WHEN c.registration_number IS NULL THEN d.registration_key
      ELSE c.registration_key END
  FROM dropped d WHERE c.organization_id = $1 AND c.id = $2 RETURNING c.*
), repeated AS (
  -- 4. repeated: the keys that both have
  DELETE FROM customer_key k WHERE k.organization_id = $1 AND k.customer_id = $3 AND EXISTS (
    SELECT FROM customer_key o WHERE o.organization_id = $1 AND o.customer_id = $2
      AND o.kind = k.kind AND o.key = k.key)
), rekeyed AS (
  -- 5. rekeyed: the others are the kept one's
  UPDATE customer_key k SET customer_id = $2
  WHERE k.organization_id = $1 AND k.customer_id = $3 AND NOT EXISTS (
    SELECT FROM customer_key o WHERE o.organization_id = $1 AND o.customer_id = $2
      AND o.kind = k.kind AND o.key = k.key)
), carried AS (
  -- 6. carried: whoever lost the dropped one has lost the kept one
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, former_id, at, details)
  SELECT e.organization_id, $2, k.epoch, 'LOSS_CARRIED', $4, e.former_id, e.at,
    jsonb_build_object('from_pool', coalesce(e.details ->> 'from_pool', e.pool_id::text),
      'dropped', $3)
  FROM event e, kept k WHERE e.organization_id = $1 AND e.customer_id = $3
    AND e.former_id IS NOT NULL
  ORDER BY e.seq
)
-- 7. One event for each of the two.
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, reason,
  pool_id, details)
SELECT organization_id, id, epoch, 'MERGED', $4, owner_id, $5, pool_id,
  jsonb_build_object('dropped', $3) FROM kept
UNION ALL
SELECT organization_id, id, epoch, 'MERGED', $4, NULL, $5, $6, jsonb_build_object('into', $2)
FROM dropped
"""


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
    release = Release(reason=ReleaseReason.MERGED, words=words, actor_id=viewer.id)
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
