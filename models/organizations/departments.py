"""Departments: create and rename."""

from uuid import UUID

from models import database
from models.ledger.recording import record
from models.refusals import InvalidInput
from models.tables import Department
from models.validation import NAME_LENGTH, checked_text
from models.viewers import Viewer, find_one

SAVE_DEPARTMENT = """
INSERT INTO department (id, organization_id, name) VALUES (coalesce($2, uuidv7()), $1, $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *
"""
NAMED = "SELECT id FROM department WHERE organization_id = $1 AND name = $2"


async def save_department(viewer: Viewer, id: UUID | None, name: str) -> Department:
    """Rename the department with this id; create one without an id.

    Raises Forbidden, NotFound and InvalidInput.
    """
    viewer.require_admin()
    name = checked_text("name", name, most=NAME_LENGTH)
    if id:
        await find_one(viewer, Department, id)
    async with database.transaction():
        await database.take_turn(f"departments of {viewer.organization.id}")
        same = await database.rows(NAMED, viewer.organization.id, name)
        if same and same[0]["id"] != id:
            raise InvalidInput.at("name", "another department has this name")
        rows = await database.rows(SAVE_DEPARTMENT, viewer.organization.id, id, name)
        await record(viewer, "DEPARTMENT_SAVED", details={"name": name})
    return database.as_model(Department, rows[0])
