"""Departments: create and change them, say what is above them and who leads them."""

from enum import Enum
from uuid import UUID

from models import database
from models.ledger.recording import record
from models.organizations.department_moves import above, take_along, take_turn
from models.refusals import InvalidInput
from models.tables import Department, Member
from models.texts.text import Text
from models.validation import NAME_LENGTH, checked_text
from models.viewers import Viewer, find_one

MOST_DEPARTMENTS = 1000

# The database makes the id.
CREATE = """
INSERT INTO department (organization_id, name, parent_id, lead_id, departments_above)
VALUES ($1, $2, $3, $4, $5) RETURNING *
"""
CHANGE = """
UPDATE department SET name = $3, parent_id = $4, lead_id = $5, departments_above = $6
WHERE organization_id = $1 AND id = $2 RETURNING *
"""
STEP_DOWN = """
UPDATE department SET lead_id = NULL WHERE organization_id = $1 AND lead_id = $2 RETURNING *
"""


class Unchanged(Enum):
    """The value of a field that a change leaves as it is."""

    UNCHANGED = "UNCHANGED"


UNCHANGED = Unchanged.UNCHANGED


async def save_department(
    viewer: Viewer,
    id: UUID | None,
    name: str,
    *,
    parent_id: UUID | Unchanged | None = UNCHANGED,
    lead_id: UUID | Unchanged | None = UNCHANGED,
) -> Department:
    """Change the department with this id, else the one of this name; create it if there is none.

    Another parent moves it as a whole. Names are equal only in every character. Raises Forbidden,
    NotFound and InvalidInput.
    """
    viewer.require_admin()
    name = checked_text("name", name, most=NAME_LENGTH)
    async with database.transaction():
        await take_turn(viewer)
        before = await _known(viewer, id, name)
        wanted = (
            name,
            await _lead(viewer, before, lead_id),
            await _above(viewer, before, parent_id),
        )
        if before and wanted == (before.name, before.lead_id, before.departments_above):
            return before
        saved = await _write(viewer, before, *wanted)
        await _record(viewer, saved)
    return saved


async def step_down(viewer: Viewer, member_id: UUID) -> None:
    """A leaver leads no department. The caller has taken the turn."""
    scope = (viewer.organization.id, member_id)
    for department in await database.models(Department, STEP_DOWN, *scope):
        await _record(viewer, department)


async def _known(viewer: Viewer, id: UUID | None, name: str) -> Department | None:
    by_id = await find_one(viewer, Department, id) if id else None
    by_name = await viewer.of(Department).get_or_none(name=name)
    if by_id and by_name and by_name.id != by_id.id:
        raise InvalidInput.at("name", "another department has this name")
    found = by_id or by_name
    if found is None and await viewer.of(Department).count() >= MOST_DEPARTMENTS:
        too_many = "an organization has at most {most} departments: change one that there is"
        raise InvalidInput.at("name", Text(too_many, most=MOST_DEPARTMENTS))
    return found


async def _lead(
    viewer: Viewer, department: Department | None, lead_id: UUID | Unchanged | None
) -> UUID | None:
    if lead_id is UNCHANGED:
        return department.lead_id if department else None
    if lead_id is None:
        return None
    if not (await find_one(viewer, Member, lead_id)).active:
        raise InvalidInput.at("leadId", "is a member who has left: name an active one, or null")
    return lead_id


async def _above(
    viewer: Viewer, department: Department | None, parent_id: UUID | Unchanged | None
) -> list[UUID]:
    if parent_id is UNCHANGED:
        return department.departments_above if department else []
    return await above(viewer, department, parent_id) if parent_id else []


async def _write(
    viewer: Viewer, before: Department | None, name: str, lead_id: UUID | None, above: list[UUID]
) -> Department:
    values = (name, above[0] if above else None, lead_id, above)
    scope = (viewer.organization.id,)
    if before is None:
        return (await database.models(Department, CREATE, *scope, *values))[0]
    (saved,) = await database.models(Department, CHANGE, *scope, before.id, *values)
    if saved.departments_above != before.departments_above:
        await take_along(saved)
    return saved


async def _record(viewer: Viewer, saved: Department) -> None:
    ids = {"department": saved.id, "parent": saved.parent_id, "lead": saved.lead_id}
    details = {"name": saved.name} | {name: id and str(id) for name, id in ids.items()}
    await record(viewer, "DEPARTMENT_SAVED", details=details)
