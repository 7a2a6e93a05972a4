"""Taking customers out of the pool: claims, assignments, and whether a claim would succeed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.idempotency import idempotent
from models.ledger.outcomes import Claimed, Outcome
from models.ownership.batching import batcher
from models.ownership.candidates import Candidate, candidates
from models.ownership.capacity import ensure_seat
from models.ownership.take_statement import claim_row, schedule_of, write_claims
from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    Forbidden,
    InvalidInput,
    NotFound,
    NotYetOpen,
    Refusal,
)
from models.tables import Customer, Member
from models.texts.text import Text
from models.viewers import Viewer, find_one


async def take(
    viewer: Viewer, member: Member, wanted: list[Candidate], *, assigned: bool
) -> list[Customer]:
    """Those of the wanted that were still as read, and fitted; now the member's."""
    unseated = {each.customer.pool_id for each in wanted if not each.seated}
    if unseated:
        await ensure_seat(viewer.organization.id, unseated, member.id)
    places = [claim_row(viewer, each, member, assigned=assigned) for each in wanted]
    write_them = write_claims if database.inside_transaction() else batcher.write
    customers = await write_them(places)
    if customers:
        await alarms.arm(customers, wanted[0].now)
    return customers


BATCH = 100
ATTEMPTS = 10


async def claim(viewer: Viewer, ids: Sequence[UUID | None], key: str | None) -> list[Outcome]:
    """Claim each for the viewer; one answer for each id, in their order (None: NotFound)."""
    if len(ids) > BATCH:
        raise InvalidInput.at("customerIds", Text("at most {most} customers at once", most=BATCH))
    request = ["claim", [str(id) for id in ids]]
    return await idempotent(viewer, key, request, lambda: _claim(viewer, ids))


async def assign(
    viewer: Viewer, customer_id: UUID | None, member_id: UUID | None, key: str | None
) -> Outcome:
    """Give a pooled customer to a member; cool-down, lock and daily limit do not hold."""
    request = ["assign", str(customer_id), str(member_id)]

    async def act() -> list[Outcome]:
        customer = await find_one(viewer, Customer, customer_id)
        if not viewer.sees(customer):
            raise NotFound
        if not viewer.administers(customer.pool_id):
            raise Forbidden("Only administrators of its pool may assign a customer.")
        receiver = await receiving(viewer, member_id)
        return await _take(viewer, receiver, [customer.id], assigned=True)

    return (await idempotent(viewer, key, request, act))[0]


async def receiving(viewer: Viewer, member_id: UUID | None) -> Member:
    member = await find_one(viewer, Member, member_id)
    if not member.active:
        raise Forbidden(Text("{name} has left and can't be given customers.", name=member.name))
    return member


async def claimable(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Refusal | datetime | None]:
    """For each: the refusal that a claim would meet, else when it would be released (or None)."""
    answers: dict[UUID, Refusal | datetime | None] = {}
    for candidate in await candidates(viewer, viewer.id, list(ids)):
        refusal = _refused(viewer, candidate, viewer.member, granted=0)
        customer = candidate.customer
        answers[customer.id] = refusal or schedule_of(candidate, by_another=False).release_at
    return answers


async def _claim(viewer: Viewer, ids: Sequence[UUID | None]) -> list[Outcome]:
    known = list(dict.fromkeys(id for id in ids if id))
    outcomes = dict(zip(known, await _take(viewer, viewer.member, known), strict=True))
    return [outcomes[id] if id else NotFound() for id in ids]


async def _take(
    viewer: Viewer, member: Member, ids: list[UUID], *, assigned: bool = False
) -> list[Outcome]:
    """Read, refuse, write the rest. Where a race was lost meanwhile, what was refused for want of
    room may have it now: all that is left is read again."""
    claimed: dict[UUID, Outcome] = {}
    for attempt in range(ATTEMPTS):
        open_ids = [id for id in ids if id not in claimed]
        found = await candidates(viewer, member.id, open_ids)
        refused, wanted = _sifted(viewer, member, found, assigned)
        if wanted and attempt:
            database.restart_transaction()
        taken = await take(viewer, member, wanted, assigned=assigned) if wanted else []
        claimed.update((customer.id, Claimed(customer)) for customer in taken)
        if len(taken) == len(wanted):
            answers = refused | claimed
            return [answers.get(id, NotFound()) for id in ids]
    raise RuntimeError(f"claims of {ids} found no end in {ATTEMPTS} attempts")


def _sifted(
    viewer: Viewer, member: Member, found: list[Candidate], assigned: bool
) -> tuple[dict[UUID, Outcome], list[Candidate]]:
    """Those who are refused, each with its reason, and those to write."""
    refused: dict[UUID, Outcome] = {}
    wanted, granted = [], Counter[UUID]()
    for candidate in found:
        customer = candidate.customer
        place = granted[customer.pool_id]
        refusal = (
            _refused_assignment(candidate, member, place)
            if assigned
            else _refused(viewer, candidate, member, place)
        )
        if refusal:
            refused[customer.id] = refusal
        else:
            wanted.append(candidate)
            granted[customer.pool_id] += 1
    return refused, wanted


def _refused(viewer: Viewer, candidate: Candidate, member: Member, granted: int) -> Refusal | None:
    """The first reason why the member can't claim it now, in the contract's order."""
    customer, rules, now = candidate.customer, candidate.rules, candidate.now
    if not viewer.sees_pool(customer.pool_id):
        return (
            AlreadyHeld()
            if customer.owner_id == member.id
            else Forbidden("This customer's pool is not open to you.")
        )
    if refusal := _refused_assignment(candidate, member, granted):
        return refusal
    calendar = candidate.calendar
    claimed = candidate.claimed_on_day(calendar.day_of(now)) + granted
    if rules.daily_claim_limit is not None and claimed >= rules.daily_claim_limit:
        return DailyLimitReached(rules.daily_claim_limit, calendar.next_midnight(now))
    if candidate.lost_at and rules.reclaim_cooldown:
        until = calendar.after(candidate.lost_at, rules.reclaim_cooldown, rules.working_days)
        if until > now:
            return CoolingDown(until)
    if rules.new_customer_lock:
        opens = calendar.after(customer.entered_at, rules.new_customer_lock, rules.working_days)
        if opens > now:
            return NotYetOpen(opens)
    return None


def _refused_assignment(candidate: Candidate, member: Member, granted: int) -> Refusal | None:
    if candidate.customer.owner_id is not None:
        return AlreadyHeld()
    capacity = candidate.rules.capacity_for(member.id, member.department_id)
    held = candidate.held + granted
    return CapacityReached(held, capacity) if capacity is not None and held >= capacity else None
