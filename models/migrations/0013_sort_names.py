"""Names ordered by pinyin, and found without the contacts in them: two columns of customer.

`sort_name` is the key of the order NAME. `masked_name` is the name without contacts, null if there
are none. The application computes both (models/customers/name_order.py).

The release before this one serves until its processes are replaced, and knows neither column. What
it registers or imports has their defaults, '', and the trigger sets them to '' when it changes a
name. The sweep of this release fills them in. The next release drops the trigger, the index
customer_stale_names and customer_pooled_by_name, by which the release before reads a pool.
"""

import asyncio
from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.customers.name_order import name_columns
from models.migrations._online import Online, online

SLICE = 1000
COLUMNS = """
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS sort_name text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS masked_name text DEFAULT ''
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION customer_name_is_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.sort_name := '';
  NEW.masked_name := '';
  RETURN NEW;
END $$
"""
# This release writes another sort_name with each other name.
TRIGGER = """
CREATE OR REPLACE TRIGGER customer_stale_name BEFORE UPDATE OF name ON customer
FOR EACH ROW WHEN (NEW.name <> OLD.name AND NEW.sort_name = OLD.sort_name)
EXECUTE FUNCTION customer_name_is_stale()
"""
# A slice goes by the primary key, from the row where the last one ended.
READ = """
SELECT organization_id, id, name, sort_name FROM customer
WHERE (organization_id, id) > ($1, $2) ORDER BY organization_id, id LIMIT $3
"""
FILL = """
WITH named AS MATERIALIZED (
  SELECT c.organization_id, c.id, g.sort_name, g.masked_name FROM customer c
  JOIN unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
    AS g(organization_id, id, name, sort_name, masked_name) USING (organization_id, id, name)
  WHERE c.sort_name = '' ORDER BY c.id FOR UPDATE OF c
)
UPDATE customer c SET sort_name = n.sort_name, masked_name = n.masked_name FROM named n
WHERE c.organization_id = n.organization_id AND c.id = n.id
"""
INDEXES = {
    "customer_pooled_by_sort_name": """ON customer
      (organization_id, pool_id, sort_name, id) WHERE owner_id IS NULL""",
    "customer_stale_names": "ON customer (organization_id, id) WHERE sort_name = ''",
}
NOBODY = "00000000-0000-0000-0000-000000000000"


async def sort_names(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)
        await database.briefly(f"{FUNCTION}; {TRIGGER}")
        await _fill(database)
        for name, definition in INDEXES.items():
            await database.build_index(name, definition)


async def _fill(database: Online) -> None:
    last: Any = (NOBODY, NOBODY)
    while rows := await database.connection.fetch(READ, *last, SLICE):
        if empty := [row for row in rows if row["sort_name"] == ""]:
            values = await asyncio.to_thread(_values, empty)
            await database.connection.execute(FILL, *values)
        last = (rows[-1]["organization_id"], rows[-1]["id"])


def _values(rows: list[Any]) -> list[list[Any]]:
    filled = [dict(row) | name_columns(row["name"]) for row in rows]
    columns = ("organization_id", "id", "name", "sort_name", "masked_name")
    return [[row[column] for row in filled] for column in columns]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0012_duplicate_settings")]
    operations = [operations.RunPython(sort_names, atomic=False)]
