"""Uploaded sheets, kept for a day: the text that was read of a file, and how far its import is.

Runs while the release before this one serves: it knows nothing of the table.
"""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations

from models.migrations._online import online

TABLE = """
CREATE TABLE IF NOT EXISTS sheet (
  id uuid NOT NULL DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  member_id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT sheet_kind CHECK (kind IN ('CSV', 'XLSX')),
  encoding text NOT NULL,
  content text NOT NULL,
  expires_at timestamptz NOT NULL,
  progress jsonb,
  progress_at timestamptz,
  CONSTRAINT sheet_pkey PRIMARY KEY (organization_id, id),
  CONSTRAINT sheet_member FOREIGN KEY (organization_id, member_id) REFERENCES member
)
"""
EXPIRY = "ON sheet (expires_at)"


async def sheets(_: Any, editor: Any) -> None:
    async with online(editor.client) as database:
        await database.briefly(TABLE)
        await database.build_index("sheet_expiry", EXPIRY)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0022_undone_versions")]
    operations = [operations.RunPython(sheets, atomic=False)]
