"""A claim of one customer, the usual request, by the common statements and nothing else.

So it shares them, and a commit, with other claims. With an idempotency key the statement that
writes the claim writes the key and the answer too. What it can't answer alone, the longer way of
all claims does: a lost race, a row in use, and with a key a refusal.
"""

from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.holding import alarms
from models.ledger import idempotency
from models.ledger.outcomes import Claimed, Outcome
from models.refusals import NotFound
from models.tables import Customer
from models.taking.batching import batcher
from models.taking.candidates import Candidate, read_candidate_and_answer
from models.taking.capacity import ensure_seats
from models.taking.claim_refusals import claim_refusal
from models.taking.take_statement import ClaimRow, claim_row
from models.viewers import Viewer


async def claim_one(viewer: Viewer, customer_id: UUID | None) -> Outcome | None:
    """Claim the customer; None where that is not possible alone: then nothing has changed."""
    if customer_id is None:
        return NotFound()
    if database.inside_transaction():
        return None
    found = await read_candidate_and_answer(viewer, customer_id, None)
    if found is None:
        return NotFound()
    candidate, _ = found
    if refusal := claim_refusal(viewer, candidate, viewer.member, granted=0):
        return refusal
    return await _claimed(viewer, candidate, {})


async def claim_with_key(
    viewer: Viewer, key: str, request: list[Any], customer_id: UUID
) -> Outcome | None:
    """Claim the customer, or return the key's first answer; None where neither is possible.

    Then nothing has changed. Raises InvalidInput for a key of another request.
    """
    idempotency.check(key)
    found = await read_candidate_and_answer(viewer, customer_id, key)
    if found is None:
        return None
    candidate, answer = found
    if answer is not None:
        return (await idempotency.first_answer(viewer, answer, request))[0]
    if claim_refusal(viewer, candidate, viewer.member, granted=0):
        return None
    written = {"idempotency_key": key, "request": idempotency.digest(request)}
    return await _claimed(viewer, candidate, written)


async def _claimed(viewer: Viewer, candidate: Candidate, more: ClaimRow) -> Outcome | None:
    if not candidate.seated:
        pool_id = candidate.customer.pool_id
        await ensure_seats(viewer.organization.id, [pool_id], viewer.id)
    row = claim_row(viewer, candidate, viewer.member, assigned=False) | more
    customers = await _written(row)
    if not customers:
        return None
    await alarms.arm(customers, candidate.now)
    return Claimed(customers[0])


async def _written(row: ClaimRow) -> list[Customer]:
    try:
        return await batcher.submit([row])
    except IntegrityError:
        # Another request with the key was answered meanwhile.
        return []
