"""What the loaders read of pools."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from models import tables
from models.rules.rules import Rules
from models.viewers import Viewer, find


async def administrators(viewer: Viewer, pool_ids: list[UUID]) -> list[list[tables.Member]]:
    """Return the administrators of each pool, by name."""
    access = await tables.PoolAccess.filter(
        organization_id=viewer.organization.id, pool_id__in=pool_ids, administers=True
    )
    wanted = {each.member_id for each in access if each.member_id}
    members = await find(viewer, tables.Member, wanted)
    by_pool = defaultdict(list)
    for each in access:
        if each.member_id:
            by_pool[each.pool_id].append(members[each.member_id])
    return [sorted(by_pool[id], key=lambda member: (member.name, member.id)) for id in pool_ids]


async def rules(
    viewer: Viewer, keys: list[tuple[UUID, int]]
) -> list[tuple[Rules, datetime] | None]:
    """Return each version of a pool's rules, and since when it was in force."""
    rows = await tables.PoolRules.filter(
        organization_id=viewer.organization.id,
        pool_id__in={pool_id for pool_id, _ in keys},
        version__in={version for _, version in keys},
    )
    found = {(row.pool_id, row.version): (row.rules, row.at) for row in rows}
    return [found.get(key) for key in keys]
