"""Whether a claim would succeed now, of each customer of a list."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.refusals import Forbidden, NotFound, Refusal
from models.tables import Customer, Pool
from models.taking.candidates import Candidate
from models.taking.claim_refusals import claim_refusal
from models.taking.take_statement import schedule_of
from models.taking.terms import as_candidates
from models.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Claimable:
    """A claim would succeed; the release is the one that it would give."""

    release_at: datetime | None


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
            customer.erased_at,
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
    if candidate.customer.erased_at:
        return Forbidden("The data of this customer was erased.")
    refusal = claim_refusal(viewer, candidate, viewer.member, granted=0)
    if isinstance(refusal, NotFound):
        # The viewer knows of it by what happened while they saw it.
        return Forbidden("This customer's pool is not open to you.")
    return refusal or Claimable(schedule_of(candidate, viewer.member, by_another=False).release_at)
