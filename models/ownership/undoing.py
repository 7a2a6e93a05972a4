"""Undoing releases by rule within 24 hours: the customers go back to their former owners."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.recording import record
from models.ownership.undoable import (
    OF_CUSTOMER,
    OF_VERSION,
    Row,
    lies_there,
    move_back,
    return_row,
)
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import Customer, Member, Pool, Seat
from models.taking.candidates import read_candidates
from models.taking.capacity import OverCapacity, over_capacity
from models.taking.take_statement import write_claims
from models.viewers import Viewer, administered_pool, find, find_one

BATCH = 500
ATTEMPTS = 10
SHOWN = 100


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
        customer = await find_one(viewer, Customer, customer_id)
        releases = await database.rows(OF_CUSTOMER, viewer.organization.id, customer.id)
        pool = await _administered(viewer, customer, releases)
    returned = await _return_all(viewer, releases)
    if returned:
        details = {"count": len(returned), "version": rules_version}
        await record(viewer, "RELEASES_UNDONE", pool_id=pool.id, details=details)
    return await _report(viewer, pool, releases, returned)


async def _administered(viewer: Viewer, customer: Customer, releases: list[Row]) -> Pool:
    """Return the pool that the customer was released from last, else its own."""
    pool_id = releases[-1]["left_pool"] if releases else customer.pool_id
    if customer.erased_at or not (viewer.sees(customer) or viewer.sees_pool(pool_id)):
        raise NotFound
    if not viewer.administers(pool_id):
        raise Forbidden("Only administrators of its pool may undo a release.")
    return await find_one(viewer, Pool, pool_id)


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
    await database.with_retries(partial(move_back, viewer, releases.values()))
    returned: dict[UUID, UUID] = {}
    for _ in range(ATTEMPTS):
        left = {id: owner for id, owner in owners.items() if id not in returned}
        candidates = await read_candidates(viewer, left)
        rows = [
            return_row(viewer, each, members, release)
            for each in candidates
            if lies_there(each.customer, release := releases[each.customer.id])
        ]
        if not rows:
            break
        customers = await database.with_retries(partial(write_claims, rows, waits=True))
        await alarms.arm(customers, candidates[0].now)
        returned |= {each.id: owners[each.id] for each in customers}
    return returned


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
