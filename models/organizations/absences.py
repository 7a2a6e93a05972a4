"""When members are absent: nothing is dealt to them then, and by a rule their clocks stop."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.absences import reevaluate_held
from models.holding.reevaluation import AT_ONCE
from models.ledger.recording import record
from models.refusals import Forbidden, InvalidInput, Problem
from models.rules.absences import Absence, Absences, written_absences
from models.rules.durations import DAY
from models.tables import Member
from models.texts.text import Text
from models.viewers import Viewer, find_one

MOST = 50
LONGEST = timedelta(days=366)
# An administrator may tell of an absence so long after it began.
BACKDATED = timedelta(days=30)
# Absences that ended so long ago make room for new ones.
KEPT = timedelta(days=730)

LOCK = "SELECT * FROM member WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE"
SAVE = """
UPDATE member SET absences = $3::jsonb, absences_at = clock_timestamp()
WHERE organization_id = $1 AND id = $2 RETURNING *
"""


async def set_absence(viewer: Viewer, member_id: UUID | None, first: date, last: date) -> Member:
    """Add an absence, of the viewer or, for managers and admins, of anybody.

    The same one again changes nothing. Raises NotFound, Forbidden and InvalidInput.
    """
    absence = Absence(first, last)

    def added(member: Member) -> Absences:
        if absence in member.absences:
            return member.absences
        _check(viewer, member, absence)
        kept = _kept(member.absences, viewer)
        if len(kept) >= MOST:
            raise InvalidInput.at("from", Text("at most {most} absences", most=MOST))
        return (*kept, absence)

    return await _change(viewer, member_id, "ABSENCE_SET", absence, added)


async def cancel_absence(viewer: Viewer, member_id: UUID | None, first: date) -> Member:
    """Take back the absence that begins on that day; one that has begun ended yesterday.

    Raises NotFound, Forbidden, and InvalidInput if there is none, or if it is over.
    """
    today = _today(viewer)

    def shortened(member: Member) -> Absences:
        found = [each for each in member.absences if each.first == first]
        if not found:
            raise InvalidInput.at("from", "no absence begins on this day")
        if found[0].last < today:
            raise InvalidInput.at("from", "this absence is over")
        rest = [each for each in member.absences if each.first != first]
        if first < today:
            rest.append(Absence(first, today - DAY))
        return tuple(rest)

    return await _change(viewer, member_id, "ABSENCE_CANCELLED", Absence(first, today), shortened)


async def _change(
    viewer: Viewer,
    member_id: UUID | None,
    action: str,
    absence: Absence,
    change: Callable[[Member], Absences],
) -> Member:
    member = await find_one(viewer, Member, member_id)
    if member.id != viewer.id and viewer.member.role == "SALES":
        raise Forbidden("Only managers and admins set the absences of others.")
    if not member.active:
        raise Forbidden(Text("{name} has left.", name=member.name))
    whose = (viewer.organization.id, member.id)
    async with database.transaction():
        (member,) = await database.models(Member, LOCK, *whose)
        absences = change(member)
        if absences == member.absences:
            return member
        (member,) = await database.models(Member, SAVE, *whose, written_absences(absences))
        days: dict[str, Any] = {"from": str(absence.first), "to": str(absence.last)}
        await record(viewer, action, member_id=member.id, details=days)
    await reevaluate_held(*whose, by_another=member.id != viewer.id, most=AT_ONCE)
    await alarms.ring()
    return member


def _check(viewer: Viewer, member: Member, absence: Absence) -> None:
    today = _today(viewer)
    earliest = today if member.id == viewer.id else today - BACKDATED
    problems = []
    if absence.first < earliest:
        problems.append(Problem("from", Text("must be {day} or later", day=str(earliest))))
    if absence.first > today + LONGEST:
        latest = str(today + LONGEST)
        problems.append(Problem("from", Text("must be {day} or earlier", day=latest)))
    if absence.last < absence.first:
        problems.append(Problem("to", "must not be before `from`"))
    if absence.last - absence.first > LONGEST:
        problems.append(Problem("to", "must be within a year of `from`"))
    for each in member.absences:
        if each.overlaps(absence):
            days = {"first": str(each.first), "last": str(each.last)}
            wrong = "overlaps the absence from {first} to {last}: cancel that one first"
            problems.append(Problem("from", Text(wrong, **days)))
    if problems:
        raise InvalidInput(tuple(problems))


def _kept(absences: Absences, viewer: Viewer) -> Absences:
    if len(absences) < MOST:
        return absences
    return tuple(each for each in absences if each.last >= _today(viewer) - KEPT)


def _today(viewer: Viewer) -> date:
    return viewer.organization.calendar.day_of(viewer.asked_at)
