"""Sheets that members asked for: what counts for their day, and what a link leads to.

`export_limit` is how many customers a member may export a day from pools that others administer.
The release before this one reads none of it.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.ledger.actions import NAMES, in_sql
from models.migrations._online import online

COLUMN = """
ALTER TABLE organization ADD COLUMN IF NOT EXISTS export_limit integer NOT NULL DEFAULT 500
"""
CHECK = "CHECK (export_limit BETWEEN 0 AND 1000000)"
TABLE = """
CREATE TABLE IF NOT EXISTS export (
  id uuid NOT NULL DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  member_id uuid NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  day date NOT NULL,
  sheet jsonb NOT NULL,
  rows integer CHECK (rows >= 0),
  counted integer NOT NULL CHECK (counted >= 0),
  uses integer NOT NULL DEFAULT 0,
  CONSTRAINT export_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT export_member FOREIGN KEY (organization_id, member_id) REFERENCES member
)
"""
INDEX = "ON export (organization_id, member_id, day)"
ACTIONS = f"CHECK (action IN {in_sql(NAMES)})"


async def exports(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(COLUMN)
        await database.add_constraint("organization", "organization_export_limit", CHECK)
        await database.briefly(TABLE)
        await database.build_index("export_of_member", INDEX)
        await database.replace_check("event", "event_action", ACTIONS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0027_absences")]
    operations = [operations.RunPython(exports, atomic=False)]
