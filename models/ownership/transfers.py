"""Handing a held customer to another member; the receiver's deadlines start now."""

from functools import partial
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.outcomes import Claimed, Outcome
from models.ownership.claims import find_receiver
from models.ownership.transfer_statement import write_transfers
from models.refusals import AlreadyHeld, CapacityReached, Forbidden, NotFound
from models.tables import Customer, Member
from models.taking.candidates import Candidate, read_candidates
from models.taking.capacity import ensure_seats
from models.taking.take_statement import claim_row
from models.viewers import Viewer


async def transfer(viewer: Viewer, customer_id: UUID | None, member_id: UUID | None) -> Outcome:
    """Hand a held customer to another member.

    For administrators of its pool; for who leads its owner too, to their people or themselves.
    """
    async for _ in database.attempts(f"customer {customer_id}"):
        candidate = await _read_held(viewer, customer_id, member_id)
        receiver = await find_receiver(viewer, member_id)
        _refuse_receiver(candidate, receiver)
        customers = await _write(viewer, candidate, receiver)
        if customers:
            break
    await alarms.arm(customers, candidate.now)
    return Claimed(customers[0])


async def _read_held(viewer: Viewer, customer_id: UUID | None, member_id: UUID | None) -> Candidate:
    """Return the customer with the member's seat; raises NotFound or Forbidden."""
    wanted = {customer_id: member_id} if customer_id else {}
    for candidate in await read_candidates(viewer, wanted):
        if not viewer.sees(candidate.customer):
            break
        _refuse_actor(viewer, candidate.customer, member_id)
        if candidate.customer.owner_id is None:
            raise Forbidden("Nobody holds this customer: assign it instead.")
        return candidate
    raise NotFound


def _refuse_actor(viewer: Viewer, customer: Customer, member_id: UUID | None) -> None:
    if viewer.administers(customer.pool_id):
        return
    if not viewer.decides(customer):
        raise Forbidden("Only administrators of its pool may transfer a customer.")
    if not viewer.holds(member_id):
        raise Forbidden("You may transfer your people's customers to your people and yourself.")


def _refuse_receiver(candidate: Candidate, receiver: Member) -> None:
    customer, rules = candidate.customer, candidate.rules
    if customer.owner_id == receiver.id:
        raise AlreadyHeld
    capacity = rules.capacity_for(receiver.id, receiver.lineage)
    counts = rules.won_count or customer.won_at is None
    if counts and capacity is not None and candidate.held >= capacity:
        raise CapacityReached(candidate.held, capacity)


async def _write(viewer: Viewer, candidate: Candidate, receiver: Member) -> list[Customer]:
    """Return the customer with its new owner; empty if it changed or the seat is full now."""
    customer = candidate.customer
    if not candidate.seated:
        await ensure_seats(viewer.organization.id, [customer.pool_id], receiver.id)
    wanted = claim_row(viewer, candidate, receiver, assigned=True, won_at=customer.won_at)
    return await database.with_retries(partial(write_transfers, [wanted]))
