"""Who may see a pool, claim from it and administer it."""

from collections.abc import Sequence
from uuid import UUID

from models import database
from models.ledger.recording import record
from models.refusals import NotFound
from models.tables import Department, Member, Pool, PoolAccess
from models.viewers import Viewer, administered_pool, find

GRANT = """
INSERT INTO pool_access (organization_id, pool_id, member_id, department_id, administers)
SELECT $1::uuid, $2::uuid, m, NULL::uuid, false FROM unnest($3::uuid[]) m UNION
SELECT $1::uuid, $2::uuid, NULL::uuid, d, false FROM unnest($4::uuid[]) d UNION
SELECT $1::uuid, $2::uuid, m, NULL::uuid, true FROM unnest($5::uuid[]) m
"""


async def set_access(
    viewer: Viewer,
    pool_id: UUID | None,
    members: Sequence[UUID | None],
    departments: Sequence[UUID | None],
    administrators: Sequence[UUID | None],
) -> Pool:
    """Replace who may see and claim from the pool, and who administers it.

    Raises NotFound where the pool or one of the ids is not the organization's.
    """
    pool = await administered_pool(viewer, pool_id)
    people = {*members, *administrators}
    known = {*await find(viewer, Member, people), *await find(viewer, Department, departments)}
    if known != people | set(departments):
        raise NotFound
    lists = {
        "members": list(dict.fromkeys(members)),
        "departments": list(dict.fromkeys(departments)),
        "administrators": list(dict.fromkeys(administrators)),
    }
    async with database.transaction():
        await viewer.of(Pool).filter(id=pool.id).select_for_update(no_key=True)
        await viewer.of(PoolAccess).filter(pool_id=pool.id).delete()
        await database.rows(GRANT, viewer.organization.id, pool.id, *lists.values())
        details = {name: [str(id) for id in ids] for name, ids in lists.items()}
        await record(viewer, "ACCESS_CHANGED", pool_id=pool.id, details=details)
    return pool
