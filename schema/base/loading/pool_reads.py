"""What the loaders read of pools."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models import tables
from models.rules.rules import Rules
from models.viewers import Viewer, find


@dataclass(slots=True)
class Access:
    """To whom a pool is open beside its administrators, by name."""

    members: list[tables.Member] = field(default_factory=list)
    departments: list[tables.Department] = field(default_factory=list)


async def access(viewer: Viewer, pool_ids: list[UUID]) -> list[Access]:
    """Return the members and departments to whom each pool is open, by name."""
    granted = await tables.PoolAccess.filter(
        organization_id=viewer.organization.id, pool_id__in=pool_ids, administers=False
    )
    members = await find(viewer, tables.Member, {each.member_id for each in granted})
    departments = await find(viewer, tables.Department, {each.department_id for each in granted})
    by_pool = {id: Access() for id in pool_ids}
    for each in granted:
        if each.member_id and (member := members.get(each.member_id)):
            by_pool[each.pool_id].members.append(member)
        if each.department_id and (department := departments.get(each.department_id)):
            by_pool[each.pool_id].departments.append(department)
    for found in by_pool.values():
        found.members.sort(key=lambda member: (member.name, member.id))
        found.departments.sort(key=lambda department: (department.name, department.id))
    return [by_pool[id] for id in pool_ids]


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
