"""Comments on a customer, and the index of the alerts that they are.

The release before shows no comment and alerts nobody of one, until its processes are replaced.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.ledger.actions import NAMES, in_sql
from models.migrations._online import online

ACTIONS = f"CHECK (action IN {in_sql(NAMES)})"
COMMENTED = "ON event (organization_id, member_id, txid, seq) WHERE action = 'COMMENTED'"


async def comments(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.replace_check("event", "event_action", ACTIONS)
        await database.build_index("event_alerts_commented", COMMENTED)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0028_exports")]
    operations = [operations.RunPython(comments, atomic=False)]
