"""Quiet hours of an organization, for its channels that have none of their own.

The release before ignores them.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.ledger.actions import NAMES, in_sql
from models.migrations._online import online

COLUMNS = """
ALTER TABLE organization
  ADD COLUMN IF NOT EXISTS quiet_from text,
  ADD COLUMN IF NOT EXISTS quiet_to text
"""
BOTH = "CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))"
ACTIONS = f"CHECK (action IN {in_sql(NAMES)})"


async def quiet_hours(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)
        await database.add_constraint("organization", "organization_quiet", BOTH)
        await database.replace_check("event", "event_action", ACTIONS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0025_tenant_statistics")]
    operations = [operations.RunPython(quiet_hours, atomic=False)]
