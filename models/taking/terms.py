"""Customers that were read before, with what decides whether the viewer may claim them now."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from models import database
from models.tables import Customer, Pool
from models.taking.candidates import Candidate, with_seat
from models.taking.cool_downs import LOSSES, NO_LOSS
from models.viewers import Viewer

# Of customers that are read already, for one member: those that the member has lost, and $5.
TERMS = f"""
SELECT c.id, clock_timestamp() AS now, s.held, s.won, s.claimed_on, s.claimed_today, losses.*
FROM (
  SELECT $1::uuid AS organization_id, given.* FROM unnest($2::uuid[], $3::uuid[])
  AS given(id, pool_id)
) AS c CROSS JOIN (SELECT $4::uuid AS member_id) AS w
LEFT JOIN seat s ON s.organization_id = c.organization_id AND s.pool_id = c.pool_id
  AND s.member_id = w.member_id
{LOSSES}
WHERE losses.lost_at IS NOT NULL OR c.id = ANY($5)
"""


async def as_candidates(
    viewer: Viewer, customers: Iterable[Customer], pools: Mapping[UUID, Pool]
) -> list[Candidate]:
    """Return customers that were read before, with the viewer's own seat: to tell, not to claim.

    One row of each pool tells the seat in it; of the others only those say more that were lost.
    """
    known = {each.id: each for each in customers}
    organization, calendar = viewer.organization, viewer.organization.calendar
    pool_ids = [each.pool_id for each in known.values()]
    telling = dict(zip(pool_ids, known, strict=True))
    given = (organization.id, list(known), pool_ids, viewer.id, list(telling.values()))
    rows = {row["id"]: row for row in await database.records(TERMS, *given)}
    seats = {pool_id: {**rows[id], **NO_LOSS} for pool_id, id in telling.items()}
    found = [(each, pools[each.pool_id]) for each in known.values()]
    return [
        with_seat(
            each, rows.get(each.id, seats[pool.id]), "", pool.rules, pool.rules_version, calendar
        )
        for each, pool in found
    ]
