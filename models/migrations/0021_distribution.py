"""What dealing out customers reads: the pools that deal, and what each member was dealt.

The release before ignores the rule, and deals nothing out.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

DEALING = "ON pool (organization_id, id) WHERE (rules ->> 'distribution') IS NOT NULL"
DEALT = """ON event (organization_id, pool_id, member_id, at)
  WHERE action = 'ASSIGNED' AND details ? 'dealt'"""


async def distribution(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.build_index("pool_dealing", DEALING)
        await database.build_index("event_dealt", DEALT)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0020_channels")]
    operations = [operations.RunPython(distribution, atomic=False)]
