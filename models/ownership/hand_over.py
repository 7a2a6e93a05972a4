"""Handing over what a member holds to others, in turn."""

from collections.abc import Sequence
from uuid import UUID

from models import database
from models.ledger.outcomes import HandedOver
from models.ownership.handing import Handing
from models.ownership.release_statement import Release
from models.ownership.releases import checked_reason
from models.refusals import Forbidden, InvalidInput, NotFound
from models.rules.deadlines import ReleaseReason
from models.tables import Customer, Member
from models.texts.text import Text
from models.viewers import Viewer, find, find_one

# Of one call; `remaining` says how many are left for the next one.
MOST = 10_000
SHOWN = 100

# $3: in these pools only; NULL is all.
HELD = """
SELECT id FROM customer
WHERE organization_id = $1 AND owner_id = $2 AND ($3::uuid[] IS NULL OR pool_id = ANY($3))
ORDER BY claimed_at, id LIMIT $4
"""
COUNT_HELD = """
SELECT count(*) AS count FROM customer
WHERE organization_id = $1 AND owner_id = $2 AND ($3::uuid[] IS NULL OR pool_id = ANY($3))
"""

BY_NAME = """
SELECT id FROM customer WHERE organization_id = $1 AND id = ANY($2::uuid[])
ORDER BY sort_name, id LIMIT $3
"""


async def hand_over(
    viewer: Viewer,
    from_id: UUID | None,
    to_ids: Sequence[UUID | None],
    customer_ids: Sequence[UUID | None] | None,
    reason: str,
) -> HandedOver:
    """Hand a member's customers to others in turn: all that the viewer decides on, or the named.

    Who leads the member decides on all of them, but gives only to their people and themselves.
    Capacity holds; customers for whom nobody has room go back to their pools. Raises NotFound,
    Forbidden and InvalidInput.
    """
    words = checked_reason(reason)
    owner = await find_one(viewer, Member, from_id)
    receivers = await find_receivers(viewer, to_ids, "toMemberIds")
    pools = _pools(viewer, owner, receivers)
    if customer_ids is None:
        ids = await held_by(viewer, owner.id, pools)
    else:
        ids = await _named(viewer, owner, customer_ids, pools)
    refuse_receivers(receivers, owner, "toMemberIds")
    release = Release(reason=ReleaseReason.GIVEN_BACK, words=words, actor_id=viewer.id)
    handing = Handing(viewer, owner.id, receivers, release)
    await handing.hand_on(ids)
    return await _answer(handing, pools)


def _pools(viewer: Viewer, owner: Member, receivers: Sequence[Member]) -> list[UUID] | None:
    """Return in which pools the viewer may hand over; None is all. Raises Forbidden."""
    leads = owner.id in viewer.people
    if viewer.is_admin or (leads and all(viewer.holds(each.id) for each in receivers)):
        return None
    if viewer.administered:
        return list(viewer.administered)
    if leads:
        raise Forbidden("You may transfer your people's customers to your people and yourself.")
    raise Forbidden("Only administrators of a pool may hand customers over.")


async def find_receivers(viewer: Viewer, ids: Sequence[UUID | None], path: str) -> list[Member]:
    """Return the members, each once, in this order. Raises NotFound and InvalidInput."""
    if not ids:
        raise InvalidInput.at(path, "name at least one member")
    found = await find(viewer, Member, ids)
    if not found.keys() >= set(ids):
        raise NotFound
    return [found[id] for id in dict.fromkeys(ids) if id]


def refuse_receivers(receivers: Sequence[Member], owner: Member, path: str) -> None:
    """Raises InvalidInput, or Forbidden if one has left."""
    for n, each in enumerate(receivers):
        if each.id == owner.id:
            raise InvalidInput.at(f"{path}.{n}", "is the member whose customers are handed over")
        if not each.active:
            raise Forbidden(Text("{name} has left and can't be given customers.", name=each.name))


async def held_by(viewer: Viewer, owner_id: UUID, pools: list[UUID] | None = None) -> list[UUID]:
    """Return up to MOST customers of the member in these or all pools, the longest held first."""
    rows = await database.records(HELD, viewer.organization.id, owner_id, pools, MOST)
    return [row["id"] for row in rows]


async def _named(
    viewer: Viewer, owner: Member, ids: Sequence[UUID | None], pools: list[UUID] | None
) -> list[UUID]:
    if not ids:
        raise InvalidInput.at("customerIds", "name at least one, or leave it out for all")
    found = await find(viewer, Customer, ids)
    chosen = [found[id] for id in ids if id in found and viewer.sees(found[id])]
    if len(chosen) < len(ids):
        raise NotFound
    if pools is not None and not all(each.pool_id in pools for each in chosen):
        raise Forbidden("Only administrators of its pool may hand a customer over.")
    for n, each in enumerate(chosen):
        if each.owner_id != owner.id:
            wrong = Text("is not held by {name}", name=owner.name)
            raise InvalidInput.at(f"customerIds.{n}", wrong)
    return list(dict.fromkeys(each.id for each in chosen))


async def _answer(handing: Handing, pools: list[UUID] | None) -> HandedOver:
    whose, owner_id = handing.viewer.organization.id, handing.owner_id
    (held,) = await database.rows(COUNT_HELD, whose, owner_id, pools)
    shown = (whose, handing.released, SHOWN)
    by_name = await database.rows(BY_NAME, *shown) if handing.released else []
    return HandedOver(
        member=str(owner_id),
        received=tuple((str(each.id), handing.received[each.id]) for each in handing.receivers),
        released=tuple(str(row["id"]) for row in by_name),
        released_count=len(handing.released),
        remaining=held["count"],
    )
