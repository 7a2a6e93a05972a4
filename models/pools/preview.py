"""What new rules would do to everyone held under them today, by the evaluation of a change."""

import contextlib
from uuid import UUID

from models import database
from models.distribution.foresight import dealt_at_once
from models.pools.preview_tally import Preview, Tally
from models.pools.rule_checks import check_rules
from models.rules.absences import parsed_absences
from models.rules.evaluation import Ownership
from models.rules.rules import Rules
from models.tables import Member
from models.taking.capacity import OverCapacity, over_capacity
from models.viewers import Viewer, administered_pool, find

# Rows at a time: between two slices the event loop serves other requests.
SLICE = 250

# Each row is read by place: an ownership, then the rest.
OWNED = len(Ownership._fields)
HELD = f"""
SELECT {", ".join(Ownership._fields)}, id, owner_id, rules_version, release_at FROM customer
WHERE organization_id = $1 AND pool_id = $2 AND owner_id IS NOT NULL
"""
ABSENCES = """
SELECT id, absences::text AS absences FROM member
WHERE organization_id = $1 AND absences <> '[]'
"""


async def preview(viewer: Viewer, pool_id: UUID | None, rules: Rules) -> Preview:
    """For administrators of the pool; changes nothing. Raises InvalidInput for wrong rules."""
    pool = await administered_pool(viewer, pool_id)
    await check_rules(viewer, rules, pool=pool)
    absences = {
        row["id"]: parsed_absences(row["absences"])
        for row in await database.rows(ABSENCES, viewer.organization.id)
    }
    tally = Tally(pool, rules, viewer.organization.calendar, viewer.asked_at, absences)
    held = database.slices(HELD, viewer.organization.id, pool.id, size=SLICE)
    async with contextlib.aclosing(held):
        async for rows in held:
            for row in rows:
                tally.add(Ownership._make(row[:OWNED]), *row[OWNED:])
    over = await _over_capacity(viewer, rules, tally)
    return tally.told(over, await dealt_at_once(viewer, pool, rules))


async def _over_capacity(viewer: Viewer, rules: Rules, tally: Tally) -> list[OverCapacity]:
    """The fullest first."""
    if rules.capacity is None and not rules.capacities:
        return []
    members = await find(viewer, Member, tally.held)
    over = over_capacity(rules, members.values(), tally.held, tally.won)
    return sorted(over, key=lambda each: (each.capacity - each.held, each.member.id))
