"""When a customer that a member takes now will be released."""

from datetime import datetime

from models.rules.deadlines import Facts, forecast
from models.rules.schedule import Schedule, schedule
from models.tables import Member
from models.taking.candidates import Candidate


def schedule_of(
    candidate: Candidate, member: Member, *, by_another: bool, won_at: datetime | None = None
) -> Schedule:
    """Return the schedule that a claim of the member at `candidate.now` gives."""
    facts = _facts(candidate, member, won_at)
    return schedule(
        candidate.rules, facts, candidate.calendar, candidate.now, by_another=by_another
    )


def release_of(
    candidate: Candidate, member: Member, won_at: datetime | None = None
) -> datetime | None:
    """Return the release of that schedule alone; None where nothing releases the customer."""
    found = forecast(candidate.rules, _facts(candidate, member, won_at), candidate.calendar)
    return found.at if found else None


def _facts(candidate: Candidate, member: Member, won_at: datetime | None) -> Facts:
    customer = candidate.customer
    return Facts(
        claimed_at=candidate.now,
        won_at=won_at,
        level=customer.level,
        level_by_owner=customer.level_by_owner,
        granted_level=customer.granted_level,
        absences=member.absences,
    )
