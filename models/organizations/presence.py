"""Who is no active member any more, or was none for a while; of any organization."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from models import database

LEFT = """
SELECT w.organization_id, w.id, m.reactivated_at
FROM unnest($1::uuid[], $2::uuid[]) AS w(organization_id, id)
  LEFT JOIN member m ON m.organization_id = w.organization_id AND m.id = w.id AND m.active
WHERE m.id IS NULL OR m.reactivated_at IS NOT NULL
"""


async def those_who_left(
    members: Iterable[tuple[UUID, UUID]],
) -> dict[tuple[UUID, UUID], datetime | None]:
    """Those of the members, (organization, id), that ever left; with when they last returned.

    None: they are not active. The others, who are most, were always active.
    """
    wanted = list(members)
    organizations = [organization for organization, _ in wanted]
    rows = await database.rows(LEFT, organizations, [id for _, id in wanted])
    return {(row["organization_id"], row["id"]): row["reactivated_at"] for row in rows}
