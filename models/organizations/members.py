"""Members: create and change."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from models import database
from models.ledger.recording import record
from models.organizations.admins import keep_an_admin
from models.organizations.department_moves import take_turn
from models.organizations.departments import UNCHANGED, Unchanged
from models.refusals import InvalidInput, Problem
from models.tables import Department, Member
from models.texts.text import Text
from models.validation import EMAIL, NAME_LENGTH, text_problem
from models.viewers import Viewer, find_one

ROLES = ("SALES", "MANAGER", "ADMIN")
HAS_LEFT = Text("belongs to a member who has left: call reactivateMember")

# Emails are one where they differ only in case, as the unique index has them.
MATCH = "SELECT * FROM member WHERE organization_id = $1 AND lower(email) = lower($2)"
CREATE = """
INSERT INTO member (organization_id, name, email, role, department_id)
VALUES ($1, $2, $3, $4, $5) RETURNING *
"""
BY_EMAIL = """
SELECT m.id, m.organization_id, o.name FROM member m JOIN organization o ON o.id = m.organization_id
WHERE m.active AND lower(m.email) = lower($1) AND ($2::text IS NULL OR $2 IN (o.name, o.id::text))
ORDER BY o.name
"""


@dataclass(frozen=True)
class MemberFields:
    name: str
    email: str
    role: str
    department_id: UUID | Unchanged | None = UNCHANGED


async def save(viewer: Viewer, id: UUID | None, given: MemberFields) -> Member:
    """Change the member with this id, else the one with this email; create if there is none.

    A name never matches: two members may have one name. Raises Forbidden, NotFound and
    InvalidInput.
    """
    viewer.require_admin()
    given = replace(given, name=given.name.strip(), email=given.email.strip())
    _check(given)
    if isinstance(given.department_id, UUID):
        await find_one(viewer, Department, given.department_id)
    async with database.transaction():
        await database.take_turn(f"members of {viewer.organization.id}")
        await take_turn(viewer)
        member = await _known(viewer, id, given.email)
        if member and member.role == "ADMIN" and given.role != "ADMIN":
            await keep_an_admin(viewer, member, "member.role")
        saved = await _write(viewer, member, given)
        details = {"name": saved.name, "email": saved.email, "role": saved.role}
        await record(viewer, "MEMBER_SAVED", member_id=saved.id, details=details)
    return saved


async def _known(viewer: Viewer, id: UUID | None, email: str) -> Member | None:
    """Return the member by id, else by email; raises InvalidInput for a leaver or a taken email."""
    by_id = await find_one(viewer, Member, id) if id else None
    if by_id and not by_id.active:
        raise InvalidInput.at("member.id", HAS_LEFT)
    for by_email in await database.models(Member, MATCH, viewer.organization.id, email):
        if not by_email.active:
            raise InvalidInput.at("member.email", HAS_LEFT)
        if by_id and by_email.id != by_id.id:
            raise InvalidInput.at("member.email", "another member has this address")
        return by_email
    return by_id


async def _write(viewer: Viewer, member: Member | None, given: MemberFields) -> Member:
    department_id = given.department_id
    if department_id is UNCHANGED:
        department_id = member.department_id if member else None
    known = {"name": given.name, "email": given.email, "role": given.role}
    if member is None:
        scope = (viewer.organization.id, *known.values(), department_id)
        return (await database.models(Member, CREATE, *scope))[0]
    await viewer.of(Member).filter(id=member.id).update(**known, department_id=department_id)
    return await find_one(viewer, Member, member.id)


def _check(given: MemberFields) -> None:
    problems = []
    if problem := text_problem("member.name", given.name, most=NAME_LENGTH):
        problems.append(problem)
    if not EMAIL.fullmatch(given.email):
        problems.append(Problem("member.email", "must be an email address, e.g. li.lei@x.cn"))
    if given.role not in ROLES:
        problems.append(Problem("member.role", Text("must be one of {roles}", roles=ROLES)))
    if problems:
        raise InvalidInput(tuple(problems))


async def by_email(email: str, organization: str | None = None) -> list[dict[str, Any]]:
    """Active members with this email: id, organization_id, and the organization's name.

    They are of all organizations, or of the one with this name or id.
    """
    return await database.rows(BY_EMAIL, email, organization)
