"""When members are absent, and since when deadlines wait to be looked at for that.

The release before knows no absences: it deals nothing, and counts their days.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.ledger.actions import NAMES, in_sql
from models.migrations._online import online

COLUMNS = """
ALTER TABLE member ADD COLUMN IF NOT EXISTS absences jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN IF NOT EXISTS absences_at timestamptz
"""
CHANGED = "ON member (organization_id, absences_at) WHERE absences_at IS NOT NULL"
ACTIONS = f"CHECK (action IN {in_sql(NAMES)})"


async def absences(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)
        await database.build_index("member_absences_changed", CHANGED)
        await database.replace_check("event", "event_action", ACTIONS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0026_quiet_hours")]
    operations = [operations.RunPython(absences, atomic=False)]
