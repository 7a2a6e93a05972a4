"""Alerts of what is about to be released: one a day and member, and when they are due.

The release before makes none and shows none.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.ledger.actions import NAMES, in_sql
from models.migrations._online import online

COLUMN = "ALTER TABLE organization ADD COLUMN IF NOT EXISTS escalates_at timestamptz"
ACTIONS = f"CHECK (action IN {in_sql(NAMES)})"
POOLS = "ON pool (organization_id, id) WHERE (rules ->> 'escalate_before') IS NOT NULL"
ONCE_A_DAY = """ON event (organization_id, member_id, (details ->> 'day'))
  WHERE action = 'ESCALATED'"""
TOLD = """ON event (organization_id, member_id, txid, seq)
  WHERE action IN ('COMMENTED', 'ESCALATED')"""
# The one that event_alerts_told replaces.
FORMER = "event_alerts_commented"


async def escalation(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMN)
        await database.replace_check("event", "event_action", ACTIONS)
        await database.build_index("pool_escalating", POOLS)
        await database.build_index("event_one_escalation", ONCE_A_DAY, unique=True)
        await database.build_index("event_alerts_told", TOLD)
        await database.drop_index(FORMER)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0030_release_to")]
    operations = [operations.RunPython(escalation, atomic=False)]
