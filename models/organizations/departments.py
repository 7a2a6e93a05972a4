"""Departments: create and rename."""

from uuid import UUID

from models import database
from models.ledger.recording import record
from models.refusals import InvalidInput
from models.tables import Department
from models.validation import NAME_LENGTH, checked_text
from models.viewers import Viewer, find_one

# The database makes the id.
CREATE = "INSERT INTO department (organization_id, name) VALUES ($1, $2) RETURNING *"


async def save_department(viewer: Viewer, id: UUID | None, name: str) -> Department:
    """Rename the department with this id; without one, return that of this name, or create it.

    Names are equal only in every character. Raises Forbidden, NotFound and InvalidInput.
    """
    viewer.require_admin()
    name = checked_text("name", name, most=NAME_LENGTH)
    if id:
        await find_one(viewer, Department, id)
    async with database.transaction():
        await database.take_turn(f"departments of {viewer.organization.id}")
        same = await viewer.of(Department).get_or_none(name=name)
        if same and id is None:
            return same
        if same and same.id != id:
            raise InvalidInput.at("name", "another department has this name")
        saved = await _write(viewer, id, name)
        await record(viewer, "DEPARTMENT_SAVED", details={"name": name})
    return saved


async def _write(viewer: Viewer, id: UUID | None, name: str) -> Department:
    if id is None:
        return (await database.models(Department, CREATE, viewer.organization.id, name))[0]
    await viewer.of(Department).filter(id=id).update(name=name)
    return await find_one(viewer, Department, id)
