"""A release that newer rules moved nearer, until its owner is told: two columns instead of a text.

`unannounced_rules_version` is the version that moved it, null where the owner knows `release_at`.
`announced_release_at` is the release that the owner knows instead, null where they know of none.
The first reminder tells the owner. Its offset is "nearer".

The release before this one keeps both facts in that offset: "nearer VERSION DATE". It serves until
its processes are replaced, so the trigger keeps both: it fills the columns from such an offset, and
turns "nearer" into such an offset. Each row means the same to both releases. It empties the columns
where the first reminder is another one. The migration of the next release drops the trigger.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import Online, online

SLICE = 1000
COLUMNS = """
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS unannounced_rules_version integer,
  ADD COLUMN IF NOT EXISTS announced_release_at timestamptz
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION customer_marker_to_columns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.remind_offsets[1] LIKE 'nearer %' THEN
    NEW.unannounced_rules_version := split_part(NEW.remind_offsets[1], ' ', 2)::integer;
    NEW.announced_release_at := nullif(split_part(NEW.remind_offsets[1], ' ', 3), '')::timestamptz;
  ELSIF NEW.remind_offsets[1] = 'nearer' THEN
    NEW.remind_offsets[1] := concat_ws(' ', 'nearer', NEW.unannounced_rules_version,
      to_json(NEW.announced_release_at) #>> '{}');
  ELSE
    NEW.unannounced_rules_version := NULL;
    NEW.announced_release_at := NULL;
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER customer_marker BEFORE INSERT OR UPDATE ON customer
FOR EACH ROW WHEN (
  NEW.remind_offsets[1] LIKE 'nearer %' OR NEW.unannounced_rules_version IS NOT NULL)
EXECUTE FUNCTION customer_marker_to_columns()
"""
CHECKS = {
    "customer_unannounced": """CHECK (
      (unannounced_rules_version IS NULL)
      = (coalesce(remind_offsets[1], '') NOT LIKE 'nearer%'))""",
    "customer_announced": """CHECK (
      announced_release_at IS NULL OR unannounced_rules_version IS NOT NULL)""",
}
# The trigger does the work. A slice goes by the primary key, from the row where the last one ended.
TAKE_ALONG = """
WITH seen AS MATERIALIZED (
  SELECT organization_id, id, remind_offsets FROM customer
  WHERE (organization_id, id) > ($1, $2) ORDER BY organization_id, id LIMIT $3
), marked AS MATERIALIZED (
  SELECT c.organization_id, c.id FROM customer c JOIN seen s USING (organization_id, id)
  WHERE s.remind_offsets[1] LIKE 'nearer %' AND c.unannounced_rules_version IS NULL
  ORDER BY c.id FOR UPDATE OF c
), taken AS (
  UPDATE customer c SET remind_offsets = c.remind_offsets FROM marked m
  WHERE c.organization_id = m.organization_id AND c.id = m.id
)
SELECT organization_id, id FROM seen ORDER BY organization_id DESC, id DESC LIMIT 1
"""
NOBODY = "00000000-0000-0000-0000-000000000000"


async def announced_deadline(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)
        await database.briefly(f"{FUNCTION}; {TRIGGER}")
        await _take_along(database)
        for name, check in CHECKS.items():
            await database.add_constraint("customer", name, check)


async def _take_along(database: Online) -> None:
    last: Any = (NOBODY, NOBODY)
    while last:
        last = await database.connection.fetchrow(TAKE_ALONG, *last, SLICE)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0007_tenant_keys")]
    operations = [operations.RunPython(announced_deadline, atomic=False)]
