"""Searches and lists of a level as fast beside many organizations and in a large pool.

`customer_search` leads to the names of one organization. The release before searches by it too.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

# Of PostgreSQL itself, and trusted: who may create in the database may have it.
EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gin"
SEARCH = "ON customer USING gin (organization_id, name_grams)"
LEVEL = "ON customer (organization_id, pool_id, level, opened_at, id) WHERE owner_id IS NULL"


async def scale(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.connection.execute(EXTENSION)
        await database.replace_index("customer_search", SEARCH)
        await database.build_index("customer_pooled_by_level", LEVEL)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0017_ledger_numbers")]
    operations = [operations.RunPython(scale, atomic=False)]
