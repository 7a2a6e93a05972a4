"""What many members may do in one pool, as of now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import database

# As in models/viewers.py, of one pool and of all members that have the same rights at once. Who
# leads a department sees more of some customers than of others: they are not among them.
RIGHTS = """
SELECT reactivated_at, sees,
  CASE WHEN role IN ('ADMIN', 'MANAGER') THEN sees ELSE appointed END AS administers,
  array_agg(id) AS members
FROM (
  SELECT m.id, m.role, m.reactivated_at,
    m.role = 'ADMIN' OR m.id IN (
      SELECT a.member_id FROM pool_access a
      WHERE a.organization_id = $1 AND a.pool_id = $2 AND a.member_id IS NOT NULL)
    OR m.department_id || m.departments_above && ARRAY(
      SELECT a.department_id FROM pool_access a
      WHERE a.organization_id = $1 AND a.pool_id = $2 AND a.department_id IS NOT NULL)
    AS sees,
    m.id IN (
      SELECT a.member_id FROM pool_access a
      WHERE a.organization_id = $1 AND a.pool_id = $2 AND a.administers
        AND a.member_id IS NOT NULL)
    AS appointed
  FROM member m WHERE m.organization_id = $1 AND m.id = ANY($3::uuid[]) AND m.active
    AND m.id NOT IN (
      SELECT l.lead_id FROM department l WHERE l.organization_id = $1 AND l.lead_id IS NOT NULL)
) AS present GROUP BY reactivated_at, sees, administers
"""


@dataclass(frozen=True, slots=True, eq=False)
class Rights:
    """Active members with the same rights in the pool; and since when they are back, if ever."""

    sees: bool
    administers: bool
    reactivated_at: datetime | None
    members: list[UUID]


async def rights(organization_id: UUID, pool_id: UUID, members: Collection[UUID]) -> list[Rights]:
    """Return, in one statement, the rights of those that are active and lead no department."""
    if not members:
        return []
    rows = await database.rows(RIGHTS, organization_id, pool_id, list(members))
    return [
        Rights(row["sees"], row["administers"], row["reactivated_at"], row["members"])
        for row in rows
    ]
