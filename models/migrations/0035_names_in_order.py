"""A search for a frequent term reads the names of a pool in the order of its page.

`customer_pooled` has the names too, so the search reads no customer but those of the page. A claim
writes nothing to this index.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

POOLED = (
    "(organization_id, pool_id, opened_at, id) INCLUDE (search_name, masked_name)"
    " WHERE (owner_id IS NULL)"
)


async def names_in_order(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.redefine_index("customer_pooled", "customer", POOLED)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0034_lean_rows")]
    operations = [operations.RunPython(names_in_order, atomic=False)]
