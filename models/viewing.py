"""The viewer with what an operation needs next, in one statement."""

from collections.abc import Collection
from uuid import UUID

from models import database
from models.tables import Pool
from models.viewers import SEEN, Viewer, viewer, viewer_in

# Of a pool; with a prefix they differ from the viewer's.
COLUMNS = sorted(Pool._meta.db_fields)
# With pools of the organization, a row for each.
SEEN_WITH_POOLS = f"""
WITH seen AS MATERIALIZED ({SEEN})
SELECT seen.*, {", ".join(f"p.{column} AS pool_{column}" for column in COLUMNS)}
FROM seen LEFT JOIN pool p ON p.organization_id = $1 AND p.id = ANY($3)
"""


async def viewer_with_pools(
    organization_id: UUID, member_id: UUID, pool_ids: Collection[UUID]
) -> tuple[Viewer, list[Pool]] | None:
    """The member, and those of the pools that their organization has, in one statement.

    None where there is no such member or they have left. Whether the viewer may see the pools is
    not decided here.
    """
    if not pool_ids:
        found = await viewer(organization_id, member_id)
        return (found, []) if found else None
    rows = await database.records(SEEN_WITH_POOLS, organization_id, member_id, list(pool_ids))
    if not rows:
        return None
    pools = [
        database.as_model(Pool, {column: row[f"pool_{column}"] for column in COLUMNS})
        for row in rows
        if row["pool_id"]
    ]
    return viewer_in(rows[0]), pools
