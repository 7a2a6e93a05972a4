"""The planner learns that a pool and an owner belong to one organization.

It took both columns for independent: among 1,000 organizations it expected one customer in a pool
of a thousand, and sorted them all for a page by name.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

STATISTICS = """
CREATE STATISTICS IF NOT EXISTS customer_pool_tenant (dependencies)
ON organization_id, pool_id FROM customer
"""


async def tenant_statistics(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(STATISTICS)
        await database.slowly("ANALYZE customer")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0024_event_texts")]
    operations = [operations.RunPython(tenant_statistics, atomic=False)]
