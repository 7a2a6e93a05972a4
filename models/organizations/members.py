"""Members and departments: joining, changing, leaving."""

from typing import Any
from uuid import UUID

from models import database
from models.ledger.recording import record
from models.organizations.admins import keep_an_admin
from models.refusals import InvalidInput, Problem
from models.tables import Department, Member
from models.texts.text import Text
from models.validation import EMAIL, NAME_LENGTH
from models.viewers import Viewer, find_one

ROLES = ("SALES", "MANAGER", "ADMIN")

MATCH = """
SELECT * FROM member WHERE organization_id = $1 AND (lower(email) = lower($2) OR name = $3)
ORDER BY lower(email) = lower($2) DESC, id LIMIT 2
"""
CREATE = """
INSERT INTO member (organization_id, name, email, role, department_id)
VALUES ($1, $2, $3, $4, $5) RETURNING *
"""
CHANGE = """
UPDATE member SET name = $3, email = $4, role = $5, department_id = $6
WHERE organization_id = $1 AND id = $2 RETURNING *
"""
TAKEN = """
SELECT id FROM member WHERE organization_id = $1 AND lower(email) = lower($2)
"""

BY_EMAIL = """
SELECT m.id, m.organization_id, o.name FROM member m JOIN organization o ON o.id = m.organization_id
WHERE m.active AND lower(m.email) = lower($1) AND ($2::text IS NULL OR $2 IN (o.name, o.id::text))
ORDER BY o.name
"""


async def save(
    viewer: Viewer,
    *,
    id: UUID | None,
    named: bool,
    name: str,
    email: str,
    role: str,
    department_id: UUID | None,
    placed: bool,
) -> Member:
    """Create or change a member; matched by id where one is `named`, else by email or name."""
    viewer.require_admin()
    name, email = name.strip(), email.strip()
    _check(name, email, role)
    if department_id is not None:
        await find_one(viewer, Department, department_id)
    async with database.transaction():
        lock = f"members of {viewer.organization.id}"
        await database.take_turn(lock)
        member = await find_one(viewer, Member, id) if named else await _match(viewer, email, name)
        await _check_email_free(viewer, email, member)
        if member and member.role == "ADMIN" and role != "ADMIN":
            await keep_an_admin(viewer, member, "member.role")
        if member and not placed:
            department_id = member.department_id
        values = (name, email, role, department_id)
        organization = viewer.organization.id
        rows = (
            await database.rows(CHANGE, organization, member.id, *values)
            if member
            else await database.rows(CREATE, organization, *values)
        )
        saved = database.as_model(Member, rows[0])
        details = {"name": name, "email": email, "role": role}
        await record(viewer, "MEMBER_SAVED", member_id=saved.id, details=details)
    return saved


async def _match(viewer: Viewer, email: str, name: str) -> Member | None:
    rows = await database.rows(MATCH, viewer.organization.id, email, name)
    by_email = [row for row in rows if row["email"].lower() == email.lower()]
    if not by_email and len(rows) > 1:
        raise InvalidInput.at("member.id", "several members have this name: say which by id")
    found = by_email or rows
    return database.as_model(Member, found[0]) if found else None


async def _check_email_free(viewer: Viewer, email: str, member: Member | None) -> None:
    for row in await database.rows(TAKEN, viewer.organization.id, email):
        if member is None or row["id"] != member.id:
            raise InvalidInput.at("member.email", "another member has this address")


def _check(name: str, email: str, role: str) -> None:
    problems = []
    if not 1 <= len(name) <= NAME_LENGTH or "\0" in name:
        problems.append(
            Problem("member.name", Text("must have 1 to {most} characters", most=NAME_LENGTH))
        )
    if not EMAIL.fullmatch(email):
        problems.append(Problem("member.email", "must be an email address, e.g. li.lei@x.cn"))
    if role not in ROLES:
        problems.append(Problem("member.role", Text("must be one of {roles}", roles=ROLES)))
    if problems:
        raise InvalidInput(tuple(problems))


async def by_email(email: str, organization: str | None = None) -> list[dict[str, Any]]:
    """Active members with this email: id, organization_id, and the organization's name.

    They are of all organizations, or of the one with this name or id.
    """
    return await database.rows(BY_EMAIL, email, organization)
