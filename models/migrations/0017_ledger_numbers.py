"""A ledger that goes on behind its newest event, also where it was restored from a dump.

`ledger_number` makes the number of a transaction in the ledger from that in the cluster. After a
restore it adds what keeps new events behind the old ones; until then it adds nothing, and the
release before, which compares with the cluster's own numbers, reads the same.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.database.cluster import NUMBER
from models.migrations._online import online

PRESENT = "SELECT to_regprocedure('ledger_number(xid8)')"
DEFAULT = """
ALTER TABLE event ALTER COLUMN txid SET DEFAULT ledger_number(pg_current_xact_id())
"""


async def ledger_numbers(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        if not await database.connection.fetchval(PRESENT):
            await database.briefly(NUMBER.format(added=0))
        await database.briefly(DEFAULT)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0016_closed")]
    operations = [operations.RunPython(ledger_numbers, atomic=False)]
