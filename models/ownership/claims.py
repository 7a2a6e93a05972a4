"""Taking customers out of the pool: claims, assignments, and whether a claim would succeed."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.outcomes import Claimed, Outcome
from models.refusals import Forbidden, InvalidInput, NotFound, Refusal
from models.tables import Customer, Member
from models.taking.batching import batcher
from models.taking.candidates import Candidate, read_candidates
from models.taking.capacity import ensure_seats
from models.taking.claim_refusals import assignment_refusal, claim_refusal
from models.taking.take_statement import claim_row, write_claims
from models.texts.text import Text
from models.viewers import Viewer, find, find_one

BATCH = 100
# So many batches may leave out a claim whose rows are in use.
BATCHES = 2


async def claim(viewer: Viewer, ids: Sequence[UUID | None]) -> list[Outcome]:
    """Claim each customer for the viewer; return one outcome for each id, in their order."""
    _check_count(ids)
    known = list(dict.fromkeys(id for id in ids if id))
    outcomes = await _claim_for(viewer, viewer.member, known, assigned=False)
    return [outcomes[id] if id else NotFound() for id in ids]


def _check_count(ids: Sequence[UUID | None]) -> None:
    if len(ids) > BATCH:
        raise InvalidInput.at("customerIds", Text("at most {most} customers at once", most=BATCH))


async def assign(viewer: Viewer, customer_id: UUID | None, member_id: UUID | None) -> Outcome:
    """Give a pooled customer to a member, within capacity but whatever the limits of a claim.

    For administrators of its pool; for who leads the member too, where the pool is open to them.
    """
    (outcome,) = await assign_many(viewer, [customer_id], member_id)
    return outcome


async def assign_many(
    viewer: Viewer, ids: Sequence[UUID | None], member_id: UUID | None
) -> list[Outcome]:
    """Give pooled customers to a member; return one outcome for each id, in their order."""
    _check_count(ids)
    found = await find(viewer, Customer, ids)
    seen = [_assignable(viewer, found.get(id) if id else None, member_id) for id in ids]
    wanted = dict.fromkeys(each.id for each in seen if isinstance(each, Customer))
    outcomes = await _assign(viewer, list(wanted), member_id) if wanted else {}
    return [outcomes[each.id] if isinstance(each, Customer) else each for each in seen]


def _assignable(
    viewer: Viewer, customer: Customer | None, member_id: UUID | None
) -> Customer | Refusal:
    if customer is None or not viewer.sees(customer):
        return NotFound()
    leads = member_id in viewer.people and viewer.sees_pool(customer.pool_id)
    if not leads and not viewer.administers(customer.pool_id):
        return Forbidden("Only administrators of its pool may assign a customer.")
    return customer


async def _assign(viewer: Viewer, ids: list[UUID], member_id: UUID | None) -> dict[UUID, Outcome]:
    try:
        receiver = await find_receiver(viewer, member_id)
    except Refusal as refusal:
        return dict.fromkeys(ids, refusal)
    return await _claim_for(viewer, receiver, ids, assigned=True)


async def find_receiver(viewer: Viewer, member_id: UUID | None) -> Member:
    """Return an active member; raises NotFound, or Forbidden if they have left."""
    member = await find_one(viewer, Member, member_id)
    if not member.active:
        raise Forbidden(Text("{name} has left and can't be given customers.", name=member.name))
    return member


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
    wanted: list[Candidate] = []
    granted: defaultdict[UUID, int] = defaultdict(int)
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
