"""What keeps an owner from moving a release: levels, the end of a contract, deals to confirm.

`level_by_owner` says that an owner who is no administrator wrote the level. `granted_level` is then
the level that counted in full before. `deal_reported_at` is a deal that waits for confirmation.

Runs while the release before this one serves. That release never writes the new columns. Its
queries of decided extensions are served by the new indexes, which have the decided deals too. It
knows neither the reason CONTRACT_ENDED nor the rules that lead to it: set `wonFor` and
`dealApproval` when its processes are replaced. A deal that waits when it releases a customer stays
on the row until the next claim, and nobody can confirm it.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

COLUMNS = """
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS level_by_owner boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS granted_level text,
  ADD COLUMN IF NOT EXISTS deal_reported_at timestamptz
"""
RELEASE_REASONS = """CHECK (
  release_reason IN ('NOT_FOLLOWED_UP', 'NO_DEAL', 'MAX_HOLD', 'CONTRACT_ENDED'))"""
DECIDED = "('EXTENDED', 'EXTENSION_DECLINED', 'DEAL_CONFIRMED', 'DEAL_DECLINED')"
INDEXES = {
    "customer_deals_reported": """ON customer (organization_id, pool_id, deal_reported_at, id)
      WHERE deal_reported_at IS NOT NULL""",
    "event_decided_for": f"""ON event (organization_id, member_id, txid, seq)
      WHERE action IN {DECIDED}""",
    "event_decided_by": f"""ON event (organization_id, actor_id, txid, seq)
      WHERE action IN {DECIDED}""",
}
# Those that event_decided_for and event_decided_by replace.
FORMER = ("event_alerts_decided", "event_alerts_decider")


async def deadline_limits(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)
        await database.replace_check("customer", "customer_release_reason_check", RELEASE_REASONS)
        for name, definition in INDEXES.items():
            await database.build_index(name, definition)
        for name in FORMER:
            await database.drop_index(name)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0010_reactivation")]
    operations = [operations.RunPython(deadline_limits, atomic=False)]
