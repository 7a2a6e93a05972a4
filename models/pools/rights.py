"""What many members may do in one pool, as of now: most the same, a few something else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import database

# As in models/viewers.py, of one pool. Who leads a department sees more of some customers than
# others do: they count as if they did not see it. A member's row stays when they leave.
UNUSUAL = """
SELECT id, sees, reactivated_at,
  CASE WHEN role IN ('ADMIN', 'MANAGER') THEN sees ELSE appointed END AS administers
FROM (
  SELECT m.id, m.role, m.reactivated_at,
    m.active AND (m.role = 'ADMIN' OR m.id IN (
      SELECT a.member_id FROM pool_access a
      WHERE a.organization_id = $1 AND a.pool_id = $2 AND a.member_id IS NOT NULL)
    OR m.department_id || m.departments_above && ARRAY(
      SELECT a.department_id FROM pool_access a
      WHERE a.organization_id = $1 AND a.pool_id = $2 AND a.department_id IS NOT NULL))
    AND m.id NOT IN (
      SELECT l.lead_id FROM department l WHERE l.organization_id = $1 AND l.lead_id IS NOT NULL)
    AS sees,
    m.id IN (
      SELECT a.member_id FROM pool_access a
      WHERE a.organization_id = $1 AND a.pool_id = $2 AND a.administers
        AND a.member_id IS NOT NULL)
    AS appointed
  FROM member m WHERE m.organization_id = $1 AND m.id = ANY($3::uuid[])
) AS present
WHERE NOT sees OR role IN ('ADMIN', 'MANAGER') OR appointed OR reactivated_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Rights:
    """Whether one sees the pool and administers it; and since when they are back, if ever."""

    sees: bool
    administers: bool
    reactivated_at: datetime | None


USUAL = Rights(sees=True, administers=False, reactivated_at=None)
UNSEEING = Rights(sees=False, administers=False, reactivated_at=None)


async def unusual(
    organization_id: UUID, pool_id: UUID, members: Collection[UUID]
) -> dict[UUID, Rights]:
    """Return, in one statement, the rights of those of the organization's members that differ.

    Who has left or leads a department sees nothing here: each such member has to be asked alone.
    """
    rows = await database.rows(UNUSUAL, organization_id, pool_id, list(members))
    return {
        row["id"]: Rights(row["sees"], row["administers"], row["reactivated_at"]) for row in rows
    }
