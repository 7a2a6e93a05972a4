"""What closes an organization to guesses: the key of its cursors, and a day's look-ups.

`cursor_key` signs the cursors that its members hold. The release before serves until its processes
are replaced: it signs none, and takes those that are signed. `day`, `today` and `misses` count a
member's look-ups of one day; the release before counts those of an hour alone. LOOKUPS_MISSED tells
admins of a member with many misses.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

# 244 random bits, others for each organization: the table is small, and is written anew.
KEY = """
ALTER TABLE organization ADD COLUMN IF NOT EXISTS cursor_key bytea NOT NULL
  DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
"""
COUNTS = """
ALTER TABLE lookup
  ADD COLUMN IF NOT EXISTS day date,
  ADD COLUMN IF NOT EXISTS today integer NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS misses integer NOT NULL DEFAULT 0
"""

# As 0010 has it; a database that is past 0010 may lack LOOKUPS_MISSED.
ACTIONS = """CHECK (action IN (
  'CREATED', 'UPDATED', 'MOVED', 'CLAIMED', 'ASSIGNED', 'TRANSFERRED', 'FOLLOWED_UP', 'WON',
  'LOCKED', 'UNLOCKED', 'EXTENDED', 'REMINDED', 'RELEASED', 'KEY_RELEASED', 'MERGED',
  'LOSS_CARRIED', 'EXTENSION_REQUESTED', 'EXTENSION_DECLINED',
  'DEAL_REPORTED', 'DEAL_CONFIRMED', 'DEAL_DECLINED',
  'FOUNDED', 'DEPARTMENT_SAVED', 'MEMBER_SAVED', 'MEMBER_LEFT', 'MEMBER_RETURNED',
  'CALENDAR_CHANGED', 'DUPLICATE_KEYS_CHANGED', 'LOOKUP_LIMIT_CHANGED', 'LOOKUPS_MISSED',
  'POOL_CREATED', 'RULES_CHANGED', 'ACCESS_CHANGED', 'RELEASES_UNDONE',
  'WEBHOOK_CREATED', 'WEBHOOK_CHANGED', 'WEBHOOK_DELETED', 'ALERTS_READ', 'ANSWERED'))"""
MISSED = "ON event (organization_id, seq) WHERE action = 'LOOKUPS_MISSED'"


async def closed(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(KEY)
        await database.briefly(COUNTS)
        await database.replace_check("event", "event_action", ACTIONS)
        await database.build_index("event_lookups_missed", MISSED)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0015_merges")]
    operations = [operations.RunPython(closed, atomic=False)]
