"""Taking customers out of the pool: claims, assignments, and whether a claim would succeed."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.outcomes import Claimed, Outcome
from models.refusals import Forbidden, InvalidInput, NotFound, Refusal
from models.tables import Customer, Member, Pool
from models.taking.batching import batcher
from models.taking.candidates import Candidate, read_candidates
from models.taking.capacity import ensure_seats
from models.taking.claim_refusals import assignment_refusal, claim_refusal
from models.taking.take_statement import claim_row, schedule_of, write_claims
from models.taking.terms import as_candidates
from models.texts.text import Text
from models.viewers import Viewer, find_one

BATCH = 100
# So many batches may leave out a claim whose rows are in use.
BATCHES = 2


@dataclass(frozen=True, slots=True)
class Claimable:
    """A claim would succeed; the release is the one that it would give."""

    release_at: datetime | None


async def claim(viewer: Viewer, ids: Sequence[UUID | None]) -> list[Outcome]:
    """Claim each customer for the viewer; return one outcome for each id, in their order."""
    if len(ids) > BATCH:
        raise InvalidInput.at("customerIds", Text("at most {most} customers at once", most=BATCH))
    known = list(dict.fromkeys(id for id in ids if id))
    outcomes = await _claim_for(viewer, viewer.member, known, assigned=False)
    return [outcomes[id] if id else NotFound() for id in ids]


async def assign(viewer: Viewer, customer_id: UUID | None, member_id: UUID | None) -> Outcome:
    """Give a pooled customer to a member, within capacity but whatever the limits of a claim."""
    customer = await find_one(viewer, Customer, customer_id)
    if not viewer.sees(customer):
        raise NotFound
    if not viewer.administers(customer.pool_id):
        raise Forbidden("Only administrators of its pool may assign a customer.")
    receiver = await find_receiver(viewer, member_id)
    return (await _claim_for(viewer, receiver, [customer.id], assigned=True))[customer.id]


async def find_receiver(viewer: Viewer, member_id: UUID | None) -> Member:
    """Return an active member; raises NotFound, or Forbidden if they have left."""
    member = await find_one(viewer, Member, member_id)
    if not member.active:
        raise Forbidden(Text("{name} has left and can't be given customers.", name=member.name))
    return member


async def claimable(
    viewer: Viewer, customers: Iterable[Customer], pools: Mapping[UUID, Pool]
) -> dict[UUID, Refusal | Claimable]:
    """Return for each customer whether the viewer may claim it now; `pools` are theirs."""
    answers: dict[UUID, Refusal | Claimable] = {}
    # Most customers of a page have the same pool and level, so the same answer.
    known: dict[tuple[Hashable, ...], Refusal | Claimable] = {}
    for candidate in await as_candidates(viewer, customers, pools):
        customer = candidate.customer
        terms = (
            customer.pool_id,
            customer.owner_id,
            customer.level,
            customer.level_by_owner,
            customer.granted_level,
            candidate.cools_until,
            candidate.rules.new_customer_lock and customer.entered_at,
        )
        if terms not in known:
            known[terms] = _claimable(viewer, candidate)
        answers[customer.id] = known[terms]
    return answers


def _claimable(viewer: Viewer, candidate: Candidate) -> Refusal | Claimable:
    refusal = claim_refusal(viewer, candidate, viewer.member, granted=0)
    if isinstance(refusal, NotFound):
        # The viewer knows of it by what happened while they saw it.
        return Forbidden("This customer's pool is not open to you.")
    return refusal or Claimable(schedule_of(candidate, by_another=False).release_at)


async def _claim_for(
    viewer: Viewer, member: Member, ids: list[UUID], *, assigned: bool
) -> dict[UUID, Outcome]:
    """Read the customers, refuse some, write the others, arm their alarms.

    If a write lost a race or a row was in use, everything unclaimed is read again: a seat may have
    become free. After two batches the claim waits alone.
    """
    refused: dict[UUID, Outcome] = {}
    claimed: dict[UUID, Outcome] = {}
    async for attempt in database.attempts(f"one of the customers {ids}"):
        left = [id for id in ids if id not in claimed]
        candidates = await read_candidates(viewer, dict.fromkeys(left, member.id))
        refused, wanted = _split(viewer, member, candidates, assigned)
        customers = await _write(viewer, member, wanted, assigned, attempt)
        if customers:
            await alarms.arm(customers, wanted[0].now)
        claimed |= {customer.id: Claimed(customer) for customer in customers}
        if len(customers) == len(wanted):
            break
    return {id: NotFound() for id in ids} | refused | claimed


def _split(
    viewer: Viewer, member: Member, candidates: list[Candidate], assigned: bool
) -> tuple[dict[UUID, Outcome], list[Candidate]]:
    """Split candidates into refusals by customer id and candidates to claim."""
    refused: dict[UUID, Outcome] = {}
    wanted, granted = [], Counter[UUID]()
    for candidate in candidates:
        customer = candidate.customer
        before = granted[customer.pool_id]
        refusal = (
            assignment_refusal(candidate, member, before)
            if assigned
            else claim_refusal(viewer, candidate, member, before)
        )
        if refusal:
            refused[customer.id] = refusal
        else:
            wanted.append(candidate)
            granted[customer.pool_id] += 1
    return refused, wanted


async def _write(
    viewer: Viewer, member: Member, wanted: list[Candidate], assigned: bool, attempt: int
) -> list[Customer]:
    """Return those that were still as read and within the limits; they are now the member's."""
    if not wanted:
        return []
    unseated = {each.customer.pool_id for each in wanted if not each.seated}
    if unseated:
        await ensure_seats(viewer.organization.id, unseated, member.id)
    rows = [claim_row(viewer, each, member, assigned=assigned) for each in wanted]
    if database.inside_transaction():
        # By its own connection. Without waiting: a transaction that waits keeps its locks.
        return await write_claims(rows)
    return await (batcher.submit_alone if attempt >= BATCHES else batcher.submit)(rows)
