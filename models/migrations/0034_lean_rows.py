"""Fewer checks and index entries for each new customer, key and event.

Three foreign keys to the organization go, because others imply them. A key names its customer. A
customer names its pool, or the pool that it was erased from, or the customer that was kept. An
event names a customer, a member or a pool: `event_of_somebody` says so. Each of these foreign keys
has the organization too.

Four indexes leave out customers without a value. Both releases look for one value, never for null.

`customer_key_blocks` finds all keys, and is unique for those that block: nulls differ from each
other. So `customer_key_found` goes.

`customer_marker` of 0008 no longer runs before an insert: nobody claims a customer with a deadline
that newer rules moved nearer. COPY writes many rows at once into a table without such a trigger.

Runs while the release before this one serves.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

OF_SOMEBODY = "CHECK (num_nonnulls(customer_id, actor_id, member_id, pool_id) > 0)"
IMPLIED = ("customer_key", "customer", "event")
MARKER = """
CREATE OR REPLACE TRIGGER customer_marker BEFORE UPDATE ON customer
FOR EACH ROW WHEN (
  NEW.remind_offsets[1] LIKE 'nearer %' OR NEW.unannounced_rules_version IS NOT NULL)
EXECUTE FUNCTION customer_marker_to_columns()
"""
MARKS_INSERTS = """
SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'customer_marker'
  AND pg_get_triggerdef(oid) LIKE '% INSERT OR %')
"""
INDEXES = {
    "customer_former_phone_key": "(organization_id, phone_key) WHERE (phone_key IS NOT NULL)",
    "customer_former_email_key": "(organization_id, email_key) WHERE (email_key IS NOT NULL)",
    "customer_former_registration_key": (
        "(organization_id, registration_key) WHERE (registration_key IS NOT NULL)"
    ),
    "customer_pooled_by_level": (
        "(organization_id, pool_id, level, opened_at, id)"
        " WHERE ((owner_id IS NULL) AND (level IS NOT NULL))"
    ),
}

KEYS = "(organization_id, key, kind, NULLIF(blocks, false))"


async def lean_rows(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.add_constraint("event", "event_of_somebody", OF_SOMEBODY)
        for table in IMPLIED:
            await database.drop_constraint(table, f"{table}_organization_id_fkey")
        if await database.connection.fetchval(MARKS_INSERTS):
            await database.briefly(MARKER)
        for name, definition in INDEXES.items():
            await database.redefine_index(name, "customer", definition)
        await database.redefine_index("customer_key_blocks", "customer_key", KEYS, unique=True)
        await database.drop_index("customer_key_found")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0033_worksheets")]
    operations = [operations.RunPython(lean_rows, atomic=False)]
