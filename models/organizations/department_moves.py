"""A department moves as a whole: those below it and all their people come along."""

from uuid import UUID

from models import database
from models.refusals import InvalidInput
from models.tables import Department
from models.texts.text import Text
from models.viewers import Viewer, find_one

MOST_LEVELS = 10

LEVELS_BELOW = """
SELECT coalesce(max(array_position(departments_above, $2)), 0) AS levels FROM department
WHERE organization_id = $1 AND $2 = ANY (departments_above)
"""
MOVE_BELOW = """
UPDATE department
SET departments_above = departments_above[:array_position(departments_above, $2)] || $3::uuid[]
WHERE organization_id = $1 AND $2 = ANY (departments_above)
"""
# A statement of its own: it sees also who came while the departments were waited for.
MOVE_PEOPLE = """
UPDATE member m SET departments_above = d.departments_above FROM department d
WHERE m.organization_id = $1 AND d.organization_id = m.organization_id AND d.id = m.department_id
  AND $2 = ANY (d.id || d.departments_above)
"""


async def take_turn(viewer: Viewer) -> None:
    """Keep the departments and who works in them as they are, until the commit."""
    await database.take_turn(f"departments of {viewer.organization.id}")


async def above(viewer: Viewer, department: Department | None, parent_id: UUID) -> list[UUID]:
    """Return the parent and what is above it; the department may be new.

    Raises NotFound, and InvalidInput for a parent below the department or too many levels.
    """
    found = list((await find_one(viewer, Department, parent_id)).lineage)
    if department and department.id in found:
        raise InvalidInput.at("parentId", "is this department or one below it: name another one")
    levels = len(found) + 1 + (await _levels_below(department) if department else 0)
    if levels > MOST_LEVELS:
        too_deep = "is too deep: departments have at most {most} levels"
        raise InvalidInput.at("parentId", Text(too_deep, most=MOST_LEVELS))
    return found


async def take_along(moved: Department) -> None:
    """Write where those below the department and all their people are now."""
    scope = (moved.organization_id, moved.id)
    await database.rows(MOVE_BELOW, *scope, moved.departments_above)
    await database.rows(MOVE_PEOPLE, *scope)


async def _levels_below(department: Department) -> int:
    rows = await database.rows(LEVELS_BELOW, department.organization_id, department.id)
    levels: int = rows[0]["levels"]
    return levels
