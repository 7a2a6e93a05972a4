"""The list of a pool's rules tells who undid the releases by a version of them."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

UNDONE = "ON event (organization_id, pool_id, seq) WHERE action = 'RELEASES_UNDONE'"


async def undone_versions(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.build_index("event_undone", UNDONE)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0021_distribution")]
    operations = [operations.RunPython(undone_versions, atomic=False)]
