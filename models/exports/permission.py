"""Which sheets a viewer may have, and how many customers of them count for their day."""

from dataclasses import dataclass
from uuid import UUID

from models import database
from models.exports.sheets import Sheet, SheetOf
from models.ledger.actions import PUBLIC, in_sql
from models.lists.customer_counts import count_pooled
from models.lists.history import OF_BOTH
from models.pools.reports import check_period, report_scope
from models.refusals import Forbidden, NotFound
from models.tables import Customer, Member, Pool
from models.viewers import Viewer, find_one, seen_pool

# Colleagues' customers count only in pools that the viewer sees, as in models.lists.customers.
HELD = """
SELECT pool_id, count(*) AS count FROM customer
WHERE organization_id = $1 AND owner_id = $2 AND ($3::uuid IS NULL OR pool_id = $3)
  AND (owner_id = ANY($4::uuid[]) OR pool_id = ANY($5::uuid[]))
GROUP BY pool_id
"""
HOLDS = """
SELECT FROM customer WHERE organization_id = $1 AND owner_id = $2 AND pool_id = $3 LIMIT 1
"""
EVENTS = f"""
SELECT count(*) AS count FROM (SELECT $2::uuid AS id) AS parent
JOIN event c ON c.organization_id = $1 AND {OF_BOTH} AND c.action IN {in_sql(PUBLIC)}
"""


@dataclass(frozen=True, slots=True)
class Size:
    """`rows` is None for a report; `counted` are customers in pools that others administer."""

    rows: int | None
    counted: int


async def permit(viewer: Viewer, sheet: Sheet) -> None:
    """Raises NotFound, Forbidden and InvalidInput, as the page with the same rows does."""
    match sheet.of:
        case SheetOf.POOL:
            await seen_pool(viewer, sheet.pool_id)
        case SheetOf.PRIVATE_POOL:
            await _permit_private_pool(viewer, sheet)
        case SheetOf.REPORT:
            await report_scope(viewer, sheet.pool_id, sheet.department_id)
            assert sheet.since
            assert sheet.until
            check_period(sheet.since, sheet.until)
        case SheetOf.HISTORY:
            await seen_customer(viewer, sheet.customer_id)


async def _permit_private_pool(viewer: Viewer, sheet: Sheet) -> None:
    member = await find_one(viewer, Member, sheet.member_id)
    if sheet.pool_id:
        await _permit_pool(viewer, member, await find_one(viewer, Pool, sheet.pool_id))
    if not viewer.holds(member.id) and not viewer.manages:
        raise Forbidden("Only managers and administrators see a colleague's private pool.")


async def _permit_pool(viewer: Viewer, member: Member, pool: Pool) -> None:
    """A pool that is closed to the viewer exists only by what they or their people hold of it."""
    if viewer.sees_pool(pool.id):
        return
    held = await database.rows(HOLDS, viewer.organization.id, member.id, pool.id)
    if not (held and viewer.holds(member.id)):
        raise NotFound


async def seen_customer(viewer: Viewer, id: UUID | None) -> Customer:
    customer = await find_one(viewer, Customer, id)
    if not viewer.sees(customer):
        raise NotFound
    return customer


async def measure(viewer: Viewer, sheet: Sheet) -> Size:
    """Return how large the sheet is now; raises what `permit` raises."""
    await permit(viewer, sheet)
    whose = viewer.organization.id
    match sheet.of:
        case SheetOf.POOL:
            assert sheet.pool_id
            counts = await count_pooled(viewer, [sheet.pool_id], search=None, level=None)
            return _size(viewer, counts)
        case SheetOf.PRIVATE_POOL:
            scope = (sheet.member_id, sheet.pool_id, viewer.holders, list(viewer.open_pools))
            rows = await database.rows(HELD, whose, *scope)
            return _size(viewer, {row["pool_id"]: row["count"] for row in rows})
        case SheetOf.REPORT:
            return Size(None, 0)
    customer = await seen_customer(viewer, sheet.customer_id)
    (row,) = await database.rows(EVENTS, whose, customer.id)
    return Size(row["count"], 0 if viewer.administers(customer.pool_id) else 1)


def _size(viewer: Viewer, by_pool: dict[UUID, int]) -> Size:
    others = [count for pool, count in by_pool.items() if not viewer.administers(pool)]
    return Size(sum(by_pool.values()), sum(others))
