"""Whether a claim would succeed now, of each customer of a list."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from models.refusals import Forbidden, NotFound, Refusal
from models.tables import Customer
from models.taking.candidates import Candidate
from models.taking.claim_refusals import claim_refusal
from models.taking.schedules import release_of
from models.taking.terms import Terms
from models.viewers import Viewer

# Customers that are equal in this get the same answer, if they are not new and not lost.
DECISIVE = attrgetter(
    "pool_id", "owner_id", "erased_at", "level", "level_by_owner", "granted_level"
)


@dataclass(frozen=True, slots=True)
class Claimable:
    """A claim would succeed; the release is the one that it would give."""

    release_at: datetime | None


def claimable(
    viewer: Viewer, customers: Iterable[Customer], terms: Terms
) -> list[Refusal | Claimable]:
    """Return for each customer whether the viewer may claim it now; `terms` are theirs."""
    answers = []
    # Most customers of a page have the same pool and level, so the same answer.
    known: dict[tuple[Hashable, ...], Refusal | Claimable] = {}
    locks = {id for id, pool in terms.pools.items() if pool.rules.new_customer_lock}
    for customer in customers:
        decisive: tuple[Hashable, ...] = DECISIVE(customer)
        if locks or terms.losses:
            lost = customer.id if customer.id in terms.losses else None
            decisive += (lost, customer.pool_id in locks and customer.entered_at)
        if decisive not in known:
            known[decisive] = _claimable(viewer, terms.candidate(customer))
        answers.append(known[decisive])
    return answers


def _claimable(viewer: Viewer, candidate: Candidate) -> Refusal | Claimable:
    if candidate.customer.erased_at:
        return Forbidden("The data of this customer was erased.")
    refusal = claim_refusal(viewer, candidate, viewer.member, granted=0)
    if isinstance(refusal, NotFound):
        # The viewer knows of it by what happened while they saw it.
        return Forbidden("This customer's pool is not open to you.")
    return refusal or Claimable(release_of(candidate, viewer.member))
