"""When a member last returned: a token that is not younger than that is refused.

The release before this one reads no such column. It admits a returned member's old token until its
processes are replaced.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

COLUMN = "ALTER TABLE member ADD COLUMN IF NOT EXISTS reactivated_at timestamptz"
# All that this release adds: a scan of the ledger for each would be one too many.
ACTIONS = """CHECK (action IN (
  'CREATED', 'UPDATED', 'MOVED', 'CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'FOLLOWED_UP', 'WON',
  'LOCKED', 'UNLOCKED', 'EXTENDED', 'REMINDED', 'RELEASED', 'KEY_RELEASED', 'MERGED',
  'LOSS_CARRIED', 'EXTENSION_REQUESTED', 'EXTENSION_DECLINED',
  'DEAL_REPORTED', 'DEAL_CONFIRMED', 'DEAL_DECLINED',
  'FOUNDED', 'DEPARTMENT_SAVED', 'MEMBER_SAVED', 'MEMBER_LEFT', 'MEMBER_RETURNED',
  'CALENDAR_CHANGED', 'DUPLICATE_KEYS_CHANGED', 'LOOKUP_LIMIT_CHANGED', 'LOOKUPS_MISSED',
  'POOL_CREATED', 'RULES_CHANGED', 'ACCESS_CHANGED', 'RELEASES_UNDONE',
  'WEBHOOK_CREATED', 'WEBHOOK_CHANGED', 'WEBHOOK_DELETED', 'ALERTS_READ', 'ANSWERED'))"""


async def reactivation(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMN)
        await database.replace_check("event", "event_action", ACTIONS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0009_event_actions")]
    operations = [operations.RunPython(reactivation, atomic=False)]
