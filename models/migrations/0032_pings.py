"""When an organization last pinged a webhook. The release before reads none of it."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

COLUMN = "ALTER TABLE organization ADD COLUMN IF NOT EXISTS pinged_at timestamptz"


async def pings(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMN)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0031_escalation")]
    operations = [operations.RunPython(pings, atomic=False)]
