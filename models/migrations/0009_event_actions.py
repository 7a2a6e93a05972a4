"""The database refuses an event whose action is not in the catalogue (models/ledger/actions.py).

The list is the catalogue's of this release: a later action comes with a migration of its own.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

ACTIONS = """CHECK (action IN (
  'CREATED', 'UPDATED', 'MOVED', 'CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'FOLLOWED_UP', 'WON',
  'LOCKED', 'UNLOCKED', 'EXTENDED', 'REMINDED', 'RELEASED',
  'EXTENSION_REQUESTED', 'EXTENSION_DECLINED',
  'FOUNDED', 'DEPARTMENT_SAVED', 'MEMBER_SAVED', 'MEMBER_LEFT', 'CALENDAR_CHANGED',
  'POOL_CREATED', 'RULES_CHANGED', 'ACCESS_CHANGED', 'RELEASES_UNDONE',
  'WEBHOOK_CREATED', 'WEBHOOK_CHANGED', 'WEBHOOK_DELETED', 'ALERTS_READ', 'ANSWERED'))"""


async def event_actions(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.add_constraint("event", "event_action", ACTIONS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0008_announced_deadline")]
    operations = [operations.RunPython(event_actions, atomic=False)]
