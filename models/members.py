"""Members and departments: joining, changing, leaving."""

import re
from typing import Any
from uuid import UUID

from models import database, releases
from models.ledger import record
from models.refusals import Forbidden, InvalidInput, Problem
from models.tables import Department, Member
from models.texts import Text
from models.viewers import Viewer, find_one, seen_pool

ROLES = ("SALES", "MANAGER", "ADMIN")
NAME_LENGTH = 100
EMAIL = re.compile(r"[^@\s\0]{1,64}@[^@\s\0]{1,190}")

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
OTHER_ADMINS = """
SELECT id FROM member WHERE organization_id = $1 AND role = 'ADMIN' AND active
ORDER BY id FOR NO KEY UPDATE
"""
SAVE_DEPARTMENT = """
INSERT INTO department (id, organization_id, name) VALUES (coalesce($2, uuidv7()), $1, $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *
"""
NAMED = "SELECT id FROM department WHERE organization_id = $1 AND name = $2"
BY_EMAIL = """
SELECT m.id, m.organization_id, o.name FROM member m JOIN organization o ON o.id = m.organization_id
WHERE m.active AND lower(m.email) = lower($1) AND ($2::text IS NULL OR $2 IN (o.name, o.id::text))
ORDER BY o.name
"""
LEAVE = """
UPDATE member SET active = false WHERE organization_id = $1 AND id = $2 AND active RETURNING *
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
    _admins_only(viewer)
    name, email = name.strip(), email.strip()
    _check(name, email, role)
    if department_id is not None:
        await find_one(viewer, Department, department_id)
    async with database.transaction():
        lock = f"members of {viewer.organization.id}"
        await database.rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
        member = await find_one(viewer, Member, id) if named else await _match(viewer, email, name)
        await _check_email_free(viewer, email, member)
        if member and member.role == "ADMIN" and role != "ADMIN":
            await _keep_an_admin(viewer, member, "member.role")
        if member and not placed:
            department_id = member.department_id
        values = (name, email, role, department_id)
        organization = viewer.organization.id
        rows = (
            await database.rows(CHANGE, organization, member.id, *values)
            if member
            else await database.rows(CREATE, organization, *values)
        )
        saved = Member._init_from_db(**rows[0])
        details = {"name": name, "email": email, "role": role}
        await record(viewer, "MEMBER_SAVED", member_id=saved.id, details=details)
    return saved


async def save_department(viewer: Viewer, id: UUID | None, named: bool, name: str) -> Department:
    """Create a department, or rename the one that is `named` by id."""
    _admins_only(viewer)
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or "\0" in name:
        raise _invalid("name", Text("must have 1 to {most} characters", most=NAME_LENGTH))
    if named:
        await find_one(viewer, Department, id)
    async with database.transaction():
        lock = f"departments of {viewer.organization.id}"
        await database.rows("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
        same = await database.rows(NAMED, viewer.organization.id, name)
        if same and same[0]["id"] != id:
            raise _invalid("name", "another department has this name")
        rows = await database.rows(SAVE_DEPARTMENT, viewer.organization.id, id, name)
        await record(viewer, "DEPARTMENT_SAVED", details={"name": name})
    return Department._init_from_db(**rows[0])


async def deactivate(
    viewer: Viewer, member_id: UUID | None, pool_id: UUID | None, to_pool: bool
) -> tuple[Member, int]:
    """A member leaves: refused from now on, and all they hold is released.

    Answers the member and how many customers went back. The sweep finishes what is cut off, and a
    claim of theirs that was under way, in the same way within seconds.
    """
    _admins_only(viewer)
    member = await find_one(viewer, Member, member_id)
    target = (await seen_pool(viewer, pool_id)).id if to_pool else None
    async with database.transaction():
        if member.role == "ADMIN":
            await _keep_an_admin(viewer, member, "memberId")
        rows = await database.rows(LEAVE, viewer.organization.id, member.id)
        if rows:
            await record(viewer, "MEMBER_LEFT", member_id=member.id, pool_id=target)
    before = await releases.gone_back_from(member.id) if not rows else 0
    released = await releases.release_all_of(member.id, viewer.id, target) - before
    return await find_one(viewer, Member, member.id), released


async def by_email(email: str, organization: str | None = None) -> list[dict[str, Any]]:
    """Active members with this email: id, organization_id, and the organization's name.

    They are of all organizations, or of the one with this name or id.
    """
    return await database.rows(BY_EMAIL, email, organization)


async def _match(viewer: Viewer, email: str, name: str) -> Member | None:
    rows = await database.rows(MATCH, viewer.organization.id, email, name)
    by_email = [row for row in rows if row["email"].lower() == email.lower()]
    if not by_email and len(rows) > 1:
        raise _invalid("member.id", "several members have this name: say which by id")
    found = by_email or rows
    return Member._init_from_db(**found[0]) if found else None


async def _check_email_free(viewer: Viewer, email: str, member: Member | None) -> None:
    for row in await database.rows(TAKEN, viewer.organization.id, email):
        if member is None or row["id"] != member.id:
            raise _invalid("member.email", "another member has this address")


async def _keep_an_admin(viewer: Viewer, member: Member, path: str) -> None:
    admins = await database.rows(OTHER_ADMINS, viewer.organization.id)
    if member.active and [row["id"] for row in admins] == [member.id]:
        raise _invalid(path, "is the organization's last admin: make another one first")


def _admins_only(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Only admins of the organization may do that.")


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


def _invalid(path: str, message: str) -> InvalidInput:
    return InvalidInput((Problem(path, message),))
