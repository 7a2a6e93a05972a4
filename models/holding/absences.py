"""Deadlines after a change of a member's absences, where they stop the clock."""

from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.holdings import Holding, read_holdings
from models.holding.reevaluation import BATCH
from models.sharding.share import ALL, Share

# A claim that read the absences before their change is written by then.
SETTLED_SECONDS = 30

HELD = """
SELECT c.id FROM customer c JOIN pool p ON p.organization_id = c.organization_id
  AND p.id = c.pool_id AND (p.rules ->> 'absence_stops_clock')::boolean
WHERE c.organization_id = $1 AND c.owner_id = $2 AND c.id > $3 ORDER BY c.id LIMIT $4
"""
CHANGED = """
SELECT organization_id, id, absences_at FROM member
WHERE absences_at <= now() - $1 * interval '1 second'
"""
SETTLED = """
UPDATE member SET absences_at = NULL
WHERE organization_id = $1 AND id = $2 AND absences_at = $3
"""


async def reevaluate_held(
    organization_id: UUID, member_id: UUID, *, by_another: bool, most: int | None = None
) -> int:
    """Give what the member holds its deadlines by the absences that there are; return how many.

    A customer in use is left to `settle_absences`. Stops at the first batch that reaches `most`.
    """
    count, last = 0, UUID(int=0)
    while most is None or count < most:
        rows = await database.rows(HELD, organization_id, member_id, last, BATCH)
        if not rows:
            break
        last = rows[-1]["id"]
        holdings = await read_holdings(organization_id, [row["id"] for row in rows])
        count += await _write(holdings, by_another)
    return count


async def settle_absences(share: Share = ALL, *, seconds: float = SETTLED_SECONDS) -> int:
    """Look once more at what members hold whose absences changed so long ago; return how many.

    So a request that died, or a claim at the same moment, leaves no wrong deadline behind.
    """
    count = 0
    for row in share.of(await database.rows(CHANGED, seconds)):
        whose = (row["organization_id"], row["id"])
        count += await reevaluate_held(*whose, by_another=True)
        await database.rows(SETTLED, *whose, row["absences_at"])
    return count


async def _write(holdings: list[Holding], by_another: bool) -> int:
    changes = [
        change
        for holding in holdings
        if holding.customer.owner_id is not None
        and _moves(change := Change(holding, holding.facts, holding.calendar, by_another))
    ]
    customers = await rewrite_holdings(changes, waits=False)
    if customers:
        await alarms.arm(came_nearer(changes, customers), changes[0].holding.now)
    return len(customers)


def _moves(change: Change) -> bool:
    """Return whether the release, its reason or a reminder becomes another one."""
    row, after = change.holding.customer, change.schedule()
    before = (row.release_at, row.release_reason, tuple(row.remind_at or ()))
    return before != (after.release_at, after.release_reason, after.remind_at)
