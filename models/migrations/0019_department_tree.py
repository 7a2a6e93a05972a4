"""Departments as a tree: each has its parent, and the ids of all above it, the nearest first.

A member's row repeats those of its department, so that no read needs a join. The trigger writes
them when the member's department changes: the release before knows nothing of them, and its
processes run beside. It reads the department with a lock, so no move passes it unseen. All that
exists has no parent, so nothing is written.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

DEPARTMENT = """
ALTER TABLE department
  ADD COLUMN IF NOT EXISTS parent_id uuid,
  ADD COLUMN IF NOT EXISTS lead_id uuid,
  ADD COLUMN IF NOT EXISTS departments_above uuid[] NOT NULL DEFAULT '{}'
"""
MEMBER = """
ALTER TABLE member ADD COLUMN IF NOT EXISTS departments_above uuid[] NOT NULL DEFAULT '{}'
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION member_departments_above() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT departments_above INTO NEW.departments_above FROM department
  WHERE organization_id = NEW.organization_id AND id = NEW.department_id FOR SHARE;
  NEW.departments_above := coalesce(NEW.departments_above, '{}');
  RETURN NEW;
END $$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER member_department BEFORE INSERT OR UPDATE OF department_id ON member
FOR EACH ROW EXECUTE FUNCTION member_departments_above()
"""
PRESENT = "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'member_department')"
CONSTRAINTS = {
    "department_parent": """FOREIGN KEY (organization_id, parent_id)
      REFERENCES department (organization_id, id)""",
    "department_lead": """FOREIGN KEY (organization_id, lead_id)
      REFERENCES member (organization_id, id)""",
    # Whatever writes a department: none is above itself.
    "department_tree": """CHECK (NOT id = ANY (departments_above)
      AND parent_id IS NOT DISTINCT FROM departments_above[1])""",
}
BY_DEPARTMENT = "ON member (organization_id, department_id)"
BY_LEAD = "ON department (organization_id, lead_id) WHERE lead_id IS NOT NULL"


async def department_tree(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(DEPARTMENT)
        if not await database.connection.fetchval(PRESENT):
            await database.briefly(f"{MEMBER}; {FUNCTION}; {TRIGGER}")
        for name, constraint in CONSTRAINTS.items():
            await database.add_constraint("department", name, constraint)
        await database.build_index("department_by_lead", BY_LEAD)
        await database.build_index("member_by_department", BY_DEPARTMENT)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0018_pool_search")]
    operations = [operations.RunPython(department_tree, atomic=False)]
