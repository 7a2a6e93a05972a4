"""Names ordered by pinyin, and found without the contacts in them: two columns of customer.

`sort_name` is the key of the order NAME. `masked_name` is the name without contacts, null if there
are none. The application computes both (models/lists/name_order.py), for today's customers in
0014_customer_keys.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

COLUMNS = """
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS sort_name text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS masked_name text DEFAULT ''
"""


async def sort_names(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0012_duplicate_settings")]
    operations = [operations.RunPython(sort_names, atomic=False)]
