"""Names that the release before wrote: their columns beside the name are filled in again.

A trigger of the database marks them with an empty `sort_name`. Until then lists have them first,
and members who may not see the contact do not find them.
"""

import asyncio
from typing import Any

from models import database
from models.customers.name_order import name_columns

AT_ONCE = 200

STALE = """
SELECT c.organization_id, c.id, c.name FROM customer c WHERE c.sort_name = ''
ORDER BY c.organization_id, c.id LIMIT $1
"""
FILL = """
WITH given AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
    AS g(organization_id, id, name, sort_name, masked_name)
), stale AS MATERIALIZED (
  -- Those that still have this name, locked; rows in use are filled in the next round.
  SELECT c.organization_id, c.id, g.sort_name, g.masked_name
  FROM customer c JOIN given g ON g.organization_id = c.organization_id AND g.id = c.id
    AND g.name = c.name
  WHERE c.sort_name = '' ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
)
UPDATE customer c SET sort_name = s.sort_name, masked_name = s.masked_name FROM stale s
WHERE c.organization_id = s.organization_id AND c.id = s.id RETURNING c.id
"""


async def fill_stale_names() -> int:
    """Fill at most AT_ONCE rows of all organizations; return how many."""
    rows = await database.rows(STALE, AT_ONCE)
    if not rows:
        return 0
    return len(await database.rows(FILL, *await asyncio.to_thread(_columns, rows)))


def _columns(rows: list[dict[str, Any]]) -> list[list[Any]]:
    found = [row | name_columns(row["name"]) for row in rows]
    columns = ("organization_id", "id", "name", "sort_name", "masked_name")
    return [[row[column] for row in found] for column in columns]
