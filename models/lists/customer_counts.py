"""How many customers lie in pools, and how many are held."""

from collections.abc import Sequence
from uuid import UUID

from models.lists.customers import HELD_WHERE, OF_MEMBER, HeldKey, held_query
from models.lists.search import held_filters, pool_filters
from models.paging import Query
from models.viewers import Viewer


async def count_pooled(
    viewer: Viewer, pool_ids: Sequence[UUID], *, search: str | None, level: str | None
) -> dict[UUID, int]:
    query = Query(viewer.organization.id, list(pool_ids))
    filters = pool_filters(query, search, level)
    pools = "($2::uuid[])[1]" if len(pool_ids) == 1 else "ANY($2)"
    rows = await query.rows(
        "SELECT c.pool_id AS id, count(*) AS n FROM customer c WHERE c.organization_id = $1"
        f" AND c.pool_id = {pools} AND c.owner_id IS NULL{filters} GROUP BY 1",
    )
    return dict.fromkeys(pool_ids, 0) | {row["id"]: row["n"] for row in rows}


async def count_held(
    viewer: Viewer, keys: Sequence[HeldKey], search: str | None
) -> dict[HeldKey, int]:
    query = held_query(viewer, keys)
    where = HELD_WHERE + held_filters(query, viewer, search)
    rows = await query.rows(
        f"SELECT parent.n, count(c.id) AS count FROM {OF_MEMBER}"
        f" LEFT JOIN customer c ON c.organization_id = $1 AND {where} GROUP BY 1 ORDER BY 1",
    )
    return {key: row["count"] for key, row in zip(keys, rows, strict=True)}
