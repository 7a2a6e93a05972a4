"""Erasing what is stored of the person behind a customer."""

from enum import StrEnum
from uuid import UUID

from tortoise.expressions import Q

from models import database
from models.erasure.erase_statements import ERASE, FORGET
from models.erasure.moving import move_of
from models.holding import alarms
from models.ledger.outcomes import CustomerErased, Outcome
from models.ownership.release_statement import Release, write_release
from models.ownership.releases import CHOSEN
from models.rules.deadlines import ReleaseReason
from models.tables import Customer
from models.viewers import Viewer, find_one


class ErasureReason(StrEnum):
    """On which ground. A free text could name the person, and stays in the ledger."""

    REQUESTED = "REQUESTED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    OBJECTED = "OBJECTED"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    UNLAWFUL = "UNLAWFUL"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"


async def erase(viewer: Viewer, customer_id: UUID | None, reason: ErasureReason) -> Outcome:
    """Erase a customer, with those that were merged into it; for admins, never undone.

    Its owner loses it. Again it changes nothing. Raises Forbidden and NotFound.
    """
    viewer.require_admin()
    return CustomerErased(
        await database.with_retries(lambda: _erase(viewer, customer_id, reason)),
    )


async def _erase(viewer: Viewer, customer_id: UUID | None, reason: ErasureReason) -> Customer:
    async with database.transaction():
        customer = await find_one(viewer, Customer, customer_id)
        customer, ids = await _locked(viewer, customer.id)
        if customer.erased_at:
            return customer
        organization, pool_id = viewer.organization.id, customer.pool_id
        if customer.owner_id:
            await _release(viewer, customer)
        await move_of(organization, ids)
        values = (customer.id, pool_id, ids, viewer.id, str(reason))
        await database.rows(ERASE, organization, *values)
        await database.rows(FORGET, organization, ids)
        await alarms.ring()
        return await find_one(viewer, Customer, customer.id)


async def _locked(viewer: Viewer, id: UUID) -> tuple[Customer, list[UUID]]:
    """Lock it and those that were merged into it, in id order like every verb; return all ids.

    Who writes a text of it has locked it before. Raises StaleRead where a merge came between.
    """
    rows = viewer.of(Customer).filter(Q(id=id) | Q(merged_into=id)).order_by("id")
    found = {row.id: row for row in await rows.select_for_update()}
    merged = await viewer.of(Customer).filter(merged_into=id)
    if found[id].merged_into or not found.keys() >= {row.id for row in merged}:
        raise database.StaleRead
    return found[id], list(found)


async def _release(viewer: Viewer, customer: Customer) -> None:
    """Raises StaleRead if the seat is newer than the statement's snapshot."""
    release = Release(reason=ReleaseReason.ERASED, actor_id=viewer.id, to_pool=customer.pool_id)
    scope = (viewer.organization.id, customer.id, customer.pool_id, None)
    if not await write_release(CHOSEN, release, *scope):
        raise database.StaleRead
