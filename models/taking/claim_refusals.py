"""Why a member can't have a customer: the refusals of claims and assignments."""

from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    NotFound,
    NotYetOpen,
    Refusal,
)
from models.tables import Member
from models.taking.candidates import Candidate
from models.viewers import Viewer


def claim_refusal(
    viewer: Viewer, candidate: Candidate, member: Member, granted: int
) -> Refusal | None:
    """Return the first reason against a claim now, in the contract's order.

    `granted` is how many customers of its pool come before it in the same request.
    """
    customer, rules, now = candidate.customer, candidate.rules, candidate.now
    if not viewer.sees_pool(customer.pool_id):
        return AlreadyHeld() if viewer.sees(customer) else NotFound()
    if refusal := assignment_refusal(candidate, member, granted):
        return refusal
    calendar = candidate.calendar
    if rules.daily_claim_limit is not None:
        claimed = candidate.claimed_on_day(calendar.day_of(now)) + granted
        if claimed >= rules.daily_claim_limit:
            return DailyLimitReached(rules.daily_claim_limit, calendar.next_midnight(now))
    if candidate.cools_until and candidate.cools_until > now:
        return CoolingDown(candidate.cools_until)
    if rules.new_customer_lock:
        opens = calendar.after(customer.entered_at, rules.new_customer_lock, rules.working_days)
        if opens > now:
            return NotYetOpen(opens)
    return None


def assignment_refusal(candidate: Candidate, member: Member, granted: int) -> Refusal | None:
    if candidate.customer.owner_id is not None:
        return AlreadyHeld()
    capacity = candidate.rules.capacity_for(member.id, member.lineage)
    held = candidate.held + granted
    return CapacityReached(held, capacity) if capacity is not None and held >= capacity else None
