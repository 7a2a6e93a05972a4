"""Departments: create and rename."""

from uuid import UUID

from models import database
from models.ledger.recording import record
from models.refusals import InvalidInput
from models.tables import Department
from models.texts.text import Text
from models.validation import NAME_LENGTH
from models.viewers import Viewer, find_one

SAVE_DEPARTMENT = """
INSERT INTO department (id, organization_id, name) VALUES (coalesce($2, uuidv7()), $1, $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *
"""
NAMED = "SELECT id FROM department WHERE organization_id = $1 AND name = $2"


async def save_department(viewer: Viewer, id: UUID | None, named: bool, name: str) -> Department:
    """Create a department, or rename the one that is `named` by id."""
    viewer.require_admin()
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or "\0" in name:
        raise InvalidInput.at("name", Text("must have 1 to {most} characters", most=NAME_LENGTH))
    if named:
        await find_one(viewer, Department, id)
    async with database.transaction():
        lock = f"departments of {viewer.organization.id}"
        await database.take_turn(lock)
        same = await database.rows(NAMED, viewer.organization.id, name)
        if same and same[0]["id"] != id:
            raise InvalidInput.at("name", "another department has this name")
        rows = await database.rows(SAVE_DEPARTMENT, viewer.organization.id, id, name)
        await record(viewer, "DEPARTMENT_SAVED", details={"name": name})
    return database.as_model(Department, rows[0])
