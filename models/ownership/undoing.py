"""Undoing releases by rule within 24 hours: the customers go back to their former owners."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.actions import in_sql
from models.ledger.recording import record
from models.refusals import Forbidden, InvalidInput, NotFound
from models.rules.deadlines import BY_RULE
from models.tables import Customer, Member, Pool, Seat
from models.taking.candidates import Candidate, read_candidates
from models.taking.capacity import OverCapacity, over_capacity
from models.taking.take_statement import ClaimRow, claim_row, schedule_of, write_claims
from models.viewers import Viewer, administered_pool, find, find_one

BATCH = 500
ATTEMPTS = 10
SHOWN = 100
REASON = "A release by rule was taken back."
Row = dict[str, Any]


def released_sql(which: str) -> str:
    """Return the statement for the releases by rule of the last 24 hours that `which` selects.

    `back`: the customer still lies as that release left it. `claimed`: somebody else had it since.
    """
    return f"""
SELECT e.id, e.customer_id, e.former_id, e.epoch, e.pool_id, m.active,
  (e.details ->> 'won_at')::timestamptz AS won_at,
  c.merged_into IS NULL AND c.owner_id IS NULL AND c.epoch = e.epoch + 1
    AND c.pool_id = e.pool_id AS back,
  c.erased_at IS NULL AND c.epoch > e.epoch + 1
    AND c.owner_id IS DISTINCT FROM e.former_id AS claimed
FROM event e
JOIN customer c ON c.organization_id = e.organization_id AND c.id = e.customer_id
JOIN member m ON m.organization_id = e.organization_id AND m.id = e.former_id
WHERE e.organization_id = $1 AND e.action = 'RELEASED'
  AND e.release_reason IN {in_sql(BY_RULE)}
  AND e.at > now() - interval '24 hours' AND {which}
ORDER BY e.seq
"""


OF_CUSTOMER = released_sql("e.customer_id = $2")
OF_VERSION = released_sql("e.pool_id = $2 AND (e.details ->> 'rules_version')::integer = $3")


@dataclass(frozen=True, slots=True)
class Undone:
    """`claimed_meanwhile` keep their new owner; it lists the first hundred of them by name."""

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
    """Undo the release of one customer, or all by one version of a pool's rules.

    Ignores capacity and reports members now over it. Deadlines restart under the current rules,
    so change wrong rules first; deals are kept. A contract that is over counts anew.
    """
    if (customer_id is None) == (pool_id is None) or (pool_id is None) != (rules_version is None):
        wrong = "name either a customer, or a pool and a version of its rules"
        raise InvalidInput.at("customerId", wrong)
    if pool_id is not None:
        pool = await administered_pool(viewer, pool_id)
        releases = await database.rows(OF_VERSION, viewer.organization.id, pool.id, rules_version)
    else:
        customer = await _administered(viewer, customer_id)
        pool = await find_one(viewer, Pool, customer.pool_id)
        releases = await database.rows(OF_CUSTOMER, viewer.organization.id, customer.id)
    returned = await _return_all(viewer, releases)
    if returned:
        details = {"count": len(returned), "version": rules_version}
        await record(viewer, "RELEASES_UNDONE", pool_id=pool.id, details=details)
    return await _report(viewer, pool, releases, returned)


async def _administered(viewer: Viewer, customer_id: UUID | None) -> Customer:
    customer = await find_one(viewer, Customer, customer_id)
    if not viewer.sees(customer):
        raise NotFound
    if not viewer.administers(customer.pool_id):
        raise Forbidden("Only administrators of its pool may undo a release.")
    return customer


async def _return_all(viewer: Viewer, releases: list[Row]) -> dict[UUID, UUID]:
    """Return {customer_id: owner_id} of the customers that have their owner back."""
    wanted = [row for row in releases if row["back"] and row["active"]]
    returned: dict[UUID, UUID] = {}
    for start in range(0, len(wanted), BATCH):
        batch = {row["customer_id"]: row for row in wanted[start : start + BATCH]}
        returned |= await _return_batch(viewer, batch)
    return returned


async def _return_batch(viewer: Viewer, releases: dict[UUID, Row]) -> dict[UUID, UUID]:
    """Return {customer_id: owner_id}. Retries customers that changed between read and write."""
    owners = {id: row["former_id"] for id, row in releases.items()}
    members = await find(viewer, Member, owners.values())
    returned: dict[UUID, UUID] = {}
    for _ in range(ATTEMPTS):
        left = {id: owner for id, owner in owners.items() if id not in returned}
        candidates = await read_candidates(viewer, left)
        rows = [
            _row(viewer, each, members, release)
            for each in candidates
            if _lies_there(each.customer, release := releases[each.customer.id])
        ]
        if not rows:
            break
        customers = await database.with_retries(partial(write_claims, rows, waits=True))
        await alarms.arm(customers, candidates[0].now)
        returned |= {each.id: owners[each.id] for each in customers}
    return returned


def _lies_there(customer: Customer, release: Row) -> bool:
    found = (customer.owner_id, customer.epoch, customer.pool_id)
    return found == (None, release["epoch"] + 1, release["pool_id"])


def _row(
    viewer: Viewer, candidate: Candidate, members: dict[UUID, Member], release: Row
) -> ClaimRow:
    owner = members[release["former_id"]]
    won_at = _signed_at(candidate, owner, release["won_at"])
    row = claim_row(viewer, candidate, owner, assigned=True, won_at=won_at)
    details = {"undoes": str(release["id"])}
    if row["won_at"]:
        details["won_at"] = row["won_at"]
    return row | {"capacity": None, "reason": REASON, "details": details}


def _signed_at(candidate: Candidate, owner: Member, won_at: datetime | None) -> datetime | None:
    """Return when it was signed; now if that contract is over, for it would be released again."""
    release_at = schedule_of(candidate, owner, by_another=True, won_at=won_at).release_at
    return candidate.now if won_at and release_at and release_at <= candidate.now else won_at


async def _report(
    viewer: Viewer, pool: Pool, releases: list[Row], returned: dict[UUID, UUID]
) -> Undone:
    lost = {row["customer_id"] for row in releases if row["back"] and row["active"]}
    claimed = (lost | {row["customer_id"] for row in releases if row["claimed"]}) - returned.keys()
    customers = await find(viewer, Customer, claimed)
    by_name = sorted(customers.values(), key=lambda each: (each.name, each.id))
    return Undone(
        count=len(returned),
        claimed_meanwhile=by_name[:SHOWN],
        claimed_meanwhile_count=len(claimed),
        owner_left=sum(row["back"] and not row["active"] for row in releases),
        over_capacity=await _over_capacity(viewer, pool, set(returned.values())),
    )


async def _over_capacity(viewer: Viewer, pool: Pool, owners: set[UUID]) -> list[OverCapacity]:
    seats = await viewer.of(Seat).filter(pool_id=pool.id, member_id__in=list(owners))
    members = await find(viewer, Member, owners)
    held = {seat.member_id: seat.held for seat in seats}
    won = {seat.member_id: seat.won for seat in seats}
    over = over_capacity(pool.rules, members.values(), held, won)
    return sorted(over, key=lambda each: (each.member.name, each.member.id))
