"""Merged customers: the one that was dropped lies in no pool and names the one that was kept.

`absorbed` marks a customer into which another was merged: its history is read with that of the
other. Runs while the release before this one serves: its lists join the pool, so they never show a
dropped one.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

COLUMNS = """
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS merged_into uuid,
  ADD COLUMN IF NOT EXISTS absorbed boolean NOT NULL DEFAULT false,
  ALTER COLUMN pool_id DROP NOT NULL
"""
CONSTRAINTS = {
    "customer_merged": "CHECK ((merged_into IS NULL) = (pool_id IS NOT NULL))",
    "customer_merged_unowned": "CHECK (merged_into IS NULL OR owner_id IS NULL)",
    "customer_merged_into": (
        "FOREIGN KEY (organization_id, merged_into) REFERENCES customer (organization_id, id)"
    ),
}
MERGED_AWAY = "ON customer (organization_id, merged_into) WHERE merged_into IS NOT NULL"


async def merges(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)
        for name, definition in CONSTRAINTS.items():
            await database.add_constraint("customer", name, definition)
        await database.build_index("customer_merged_away", MERGED_AWAY)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0014_customer_keys")]
    operations = [operations.RunPython(merges, atomic=False)]
