"""A claim with an idempotency key: the common statement writes the key and the answer with it.

So it shares a commit with other claims. What it can't answer alone, `idempotent` does: a refusal,
a lost race, a row in use.
"""

from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models.holding import alarms
from models.ledger import idempotency
from models.ledger.outcomes import Claimed, Outcome
from models.tables import Customer
from models.taking.batching import batcher
from models.taking.candidates import read_candidate_and_answer
from models.taking.capacity import ensure_seats
from models.taking.claim_refusals import claim_refusal
from models.taking.take_statement import claim_row
from models.viewers import Viewer


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
    if not candidate.seated:
        pool_id = candidate.customer.pool_id
        await ensure_seats(viewer.organization.id, [pool_id], viewer.id)
    row = claim_row(viewer, candidate, viewer.member, assigned=False)
    row |= {"idempotency_key": key, "request": idempotency.digest(request)}
    customers = await _written(row)
    if not customers:
        return None
    await alarms.arm(customers, candidate.now)
    return Claimed(customers[0])


async def _written(row: dict[str, Any]) -> list[Customer]:
    try:
        return await batcher.submit([row])
    except IntegrityError:
        # Another request with the key was answered meanwhile.
        return []
