"""The viewer with what an operation needs next, in one statement."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

import asyncpg

from models import database
from models.tables import Organization, Pool
from models.together import Together
from models.viewers import SEEN, Viewer, organization_in, viewer_in

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
    """The member, and those of the pools that their organization has, as of now.

    None where there is no such member or they have left. Whether the viewer may see the pools is
    not decided here. Requests of one organization that ask at once share a statement.
    """
    rows, organization = await _seen.ask((organization_id, tuple(pool_ids)), member_id)
    if not rows:
        return None
    pools = [
        database.as_model(Pool, {column: row[f"pool_{column}"] for column in COLUMNS})
        for row in rows
        if pool_ids and row["pool_id"]
    ]
    return viewer_in(rows[0], organization), pools


async def _read(
    group: tuple[UUID, tuple[UUID, ...]], member_ids: list[UUID]
) -> list[tuple[list[asyncpg.Record], Organization | None]]:
    organization_id, pool_ids = group
    if pool_ids:
        given = (organization_id, member_ids, pool_ids)
        rows = await database.records(SEEN_WITH_POOLS, *given)
    else:
        rows = await database.records(SEEN, organization_id, member_ids)
    found: defaultdict[UUID, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        found[row["id"]].append(row)
    organization = organization_in(rows)
    return [(found[id], organization) for id in member_ids]


_seen = Together(_read)
