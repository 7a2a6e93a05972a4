"""Who is an active member, of any organization."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from models import database

ACTIVE = """
SELECT m.organization_id, m.id, m.reactivated_at
FROM unnest($1::uuid[], $2::uuid[]) AS w(organization_id, id)
  JOIN member m ON m.organization_id = w.organization_id AND m.id = w.id AND m.active
"""


async def active_members(
    members: Iterable[tuple[UUID, UUID]],
) -> dict[tuple[UUID, UUID], datetime | None]:
    """Those of the members, (organization, id), that are active; with when they last returned."""
    wanted = list(members)
    organizations = [organization for organization, _ in wanted]
    rows = await database.rows(ACTIVE, organizations, [id for _, id in wanted])
    return {(row["organization_id"], row["id"]): row["reactivated_at"] for row in rows}
