"""Releases by rule taken back within a day: the customers go to whom they were taken from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.recording import record
from models.ownership.candidates import Candidate, candidates_for
from models.ownership.capacity import OverCapacity, over_capacity
from models.ownership.take_statement import ClaimRow, claim_row, write_claims
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import Customer, Member
from models.viewers import Viewer, administered_pool, find, find_one

BATCH = 500
ATTEMPTS = 10
SHOWN = 100
REASON = "A release by rule was taken back."

# Releases by rule of the last day; `back` where the customer still lies as that release left it.
RELEASED = """
SELECT e.id, e.customer_id, e.former_id, e.epoch, e.pool_id, m.active,
  (e.details ->> 'won_at')::timestamptz AS won_at,
  c.owner_id IS NULL AND c.epoch = e.epoch + 1 AND c.pool_id = e.pool_id AS back,
  c.epoch > e.epoch + 1 AND c.owner_id IS DISTINCT FROM e.former_id AS claimed
FROM event e JOIN customer c ON c.id = e.customer_id JOIN member m ON m.id = e.former_id
WHERE e.organization_id = $1 AND e.action = 'RELEASED'
  AND e.release_reason IN ('NOT_FOLLOWED_UP', 'NO_DEAL', 'MAX_HOLD')
  AND e.at > now() - interval '24 hours' AND {which}
ORDER BY e.seq
"""
OF_CUSTOMER = RELEASED.format(which="e.customer_id = $2")
OF_VERSION = RELEASED.format(
    which="e.pool_id = $2 AND (e.details ->> 'rules_version')::integer = $3"
)


@dataclass(frozen=True, slots=True)
class Undone:
    """`claimed_meanwhile` stay where they are, the first hundred of them by name."""

    count: int
    claimed_meanwhile: list[Customer]
    claimed_meanwhile_count: int
    owner_left: int
    over_capacity: list[OverCapacity]


async def undo(
    viewer: Viewer,
    *,
    customer_id: UUID | None,
    pool_id: UUID | None,
    rules_version: int | None,
) -> Undone:
    """Of one customer, or all of a version of a pool's rules.

    Capacity does not hold, and who is over it now is told. The clock starts anew, under the rules
    as they are by now: mend them first. Who was signed is signed.
    """
    if (customer_id is None) == (pool_id is None) or (pool_id is None) != (rules_version is None):
        wrong = "name either a customer, or a pool and a version of its rules"
        raise InvalidInput.at("customerId", wrong)
    if pool_id is not None:
        pool = (await administered_pool(viewer, pool_id)).id
        found = await database.rows(OF_VERSION, viewer.organization.id, pool, rules_version)
    else:
        pool = await _pool_of(viewer, customer_id)
        found = await database.rows(OF_CUSTOMER, viewer.organization.id, customer_id)
    return await _undo(viewer, pool, rules_version, found)


async def _pool_of(viewer: Viewer, customer_id: UUID | None) -> UUID:
    customer = await find_one(viewer, Customer, customer_id)
    if not viewer.sees(customer):
        raise NotFound
    if not viewer.administers(customer.pool_id):
        raise Forbidden("Only administrators of its pool may take a release back.")
    return customer.pool_id


async def _undo(
    viewer: Viewer, pool_id: UUID, version: int | None, found: list[dict[str, Any]]
) -> Undone:
    wanted = [row for row in found if row["back"] and row["active"]]
    returned: dict[UUID, UUID] = {}
    for start in range(0, len(wanted), BATCH):
        returned |= await _give_back(viewer, wanted[start : start + BATCH])
    lost = [row for row in wanted if row["customer_id"] not in returned]
    claimed = {row["customer_id"] for row in [*lost, *(row for row in found if row["claimed"])]}
    claimed -= returned.keys()
    if returned:
        details = {"count": len(returned), "version": version}
        await record(viewer, "RELEASES_UNDONE", pool_id=pool_id, details=details)
    return Undone(
        count=len(returned),
        claimed_meanwhile=await _by_name(viewer, claimed),
        claimed_meanwhile_count=len(claimed),
        owner_left=sum(row["back"] and not row["active"] for row in found),
        over_capacity=await over_capacity(viewer, pool_id, set(returned.values())),
    )


async def _give_back(viewer: Viewer, rows: Sequence[dict[str, Any]]) -> dict[UUID, UUID]:
    """By customer whose it is again. Read anew while some of them have only just changed."""
    released = {row["customer_id"]: row for row in rows}
    members = await find(viewer, Member, {row["former_id"] for row in rows})
    returned: dict[UUID, UUID] = {}
    for _ in range(ATTEMPTS):
        left = [id for id in released if id not in returned]
        read = await candidates_for(viewer, left, [released[id]["former_id"] for id in left])
        places = [
            _place(viewer, each, members[row["former_id"]], row)
            for each in read
            if _lies_there(each.customer, row := released[each.customer.id])
        ]
        if not places:
            break
        customers = await database.with_retries(partial(write_claims, places))
        await alarms.arm(customers, read[0].now)
        returned |= {each.id: released[each.id]["former_id"] for each in customers}
    return returned


def _lies_there(customer: Customer, release: dict[str, Any]) -> bool:
    found = (customer.owner_id, customer.epoch, customer.pool_id)
    return found == (None, release["epoch"] + 1, release["pool_id"])


def _place(
    viewer: Viewer, candidate: Candidate, member: Member, release: dict[str, Any]
) -> ClaimRow:
    taken = claim_row(viewer, candidate, member, assigned=True, won_at=release["won_at"])
    details = {"undoes": str(release["id"])}
    if taken["won_at"]:
        details["won_at"] = taken["won_at"]
    return taken | {"capacity": None, "reason": REASON, "details": details}


async def _by_name(viewer: Viewer, ids: Iterable[UUID]) -> list[Customer]:
    customers = await find(viewer, Customer, ids)
    return sorted(customers.values(), key=lambda each: (each.name, each.id))[:SHOWN]
