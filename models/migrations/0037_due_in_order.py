"""Customers that are due at the same moment are released in the order of their ids.

Every index of events by customer is in that order too. So a batch of releases writes to a few pages
of each, where it wrote to a page for each customer.

Runs while the release before this one serves.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

DUE = "(release_at, id) WHERE (release_at IS NOT NULL)"


async def due_in_order(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.redefine_index("customer_due", "customer", DUE)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0036_triggers_after_updates")]
    operations = [operations.RunPython(due_in_order, atomic=False)]
