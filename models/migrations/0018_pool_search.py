"""Searches and levels read one pool, however many customers and organizations there are.

`customer_search` led from a pair of characters to the names of all organizations. The release
before searches by the new one too.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

# It comes with PostgreSQL, and the owner of a database may create it.
EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gin"
SEARCH = "ON customer USING gin (pool_id, name_grams)"
LEVEL = "ON customer (organization_id, pool_id, level, opened_at, id) WHERE owner_id IS NULL"


async def pool_search(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(EXTENSION)
        await database.replace_index("customer_search", SEARCH, leads="pool_id")
        await database.build_index("customer_pooled_by_level", LEVEL)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0017_ledger_numbers")]
    operations = [operations.RunPython(pool_search, atomic=False)]
