"""The worksheets of an uploaded workbook: their names, which one was read, and the others' texts.

Runs while the release before this one serves: it reads the content alone.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

COLUMNS = """
ALTER TABLE sheet ADD COLUMN IF NOT EXISTS worksheets text[] NOT NULL DEFAULT '{}',
  ADD COLUMN IF NOT EXISTS worksheet text, ADD COLUMN IF NOT EXISTS others text[]
"""


async def worksheets(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0032_pings")]
    operations = [operations.RunPython(worksheets, atomic=False)]
