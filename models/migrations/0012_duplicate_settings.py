"""What an organization decides of duplicates, and who looked up how many in the last hour.

`duplicate_keys` are the keys that refuse a registration, `lookup_limit` the look-ups that a member
may make in an hour. A row of `lookup` has the moments of one member's look-ups.

Runs while the release before this one serves. That release reads none of it: until its processes
are replaced it refuses by all keys, and counts no look-ups.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

COLUMNS = """
ALTER TABLE organization
  ADD COLUMN IF NOT EXISTS duplicate_keys text[] NOT NULL
    DEFAULT '{REGISTRATION_NUMBER,NAME,PHONE,EMAIL}',
  ADD COLUMN IF NOT EXISTS lookup_limit integer NOT NULL DEFAULT 60
"""
CHECKS = {
    "organization_duplicate_keys": """CHECK (
      duplicate_keys <@ '{REGISTRATION_NUMBER,NAME,PHONE,EMAIL}'::text[])""",
    "organization_lookup_limit": "CHECK (lookup_limit BETWEEN 1 AND 1000)",
}
TABLE = """
CREATE TABLE IF NOT EXISTS lookup (
  id uuid NOT NULL DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  member_id uuid NOT NULL,
  times timestamptz[] NOT NULL,
  CONSTRAINT lookup_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT lookup_once UNIQUE (organization_id, member_id),
  CONSTRAINT lookup_member FOREIGN KEY (organization_id, member_id) REFERENCES member
) WITH (fillfactor = 70)
"""


async def duplicate_settings(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMNS)
        for name, check in CHECKS.items():
            await database.add_constraint("organization", name, check)
        await database.briefly(TABLE)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0011_deadline_limits")]
    operations = [operations.RunPython(duplicate_settings, atomic=False)]
