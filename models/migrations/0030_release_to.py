"""Where the rules send what a pool releases: a column made of the rules, so that a key guards it.

The release before writes rules without `release_to`: its processes release into the own pool.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

# The table is small, and is written anew.
COLUMN = """
ALTER TABLE pool ADD COLUMN IF NOT EXISTS release_to uuid
  GENERATED ALWAYS AS ((rules ->> 'release_to')::uuid) STORED
"""
CONSTRAINTS = {
    "pool_release_elsewhere": "CHECK (release_to <> id)",
    "pool_release_to": (
        "FOREIGN KEY (organization_id, release_to) REFERENCES pool (organization_id, id)"
    ),
}


async def release_to(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMN)
        for name, definition in CONSTRAINTS.items():
            await database.add_constraint("pool", name, definition)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0029_comments")]
    operations = [operations.RunPython(release_to, atomic=False)]
