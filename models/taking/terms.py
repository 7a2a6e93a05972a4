"""What decides whether a viewer may claim customers of a list that were read before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.rules.calendars import Calendar
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


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides whether a member may claim customers of a list: their seats, their losses."""

    calendar: Calendar
    pools: Mapping[UUID, Pool]
    # By pool.
    seats: Mapping[UUID, Mapping[str, Any]]
    # By customer: those that the member has lost.
    losses: Mapping[UUID, Mapping[str, Any]]

    def candidate(self, customer: Customer) -> Candidate:
        """Return the customer with the member's own seat: to tell, not to claim."""
        pool = self.pools[customer.pool_id]
        row = self.losses.get(customer.id) or self.seats[pool.id]
        return with_seat(customer, row, "", pool.rules, pool.rules_version, self.calendar)


async def terms_of(
    viewer: Viewer, customers: Collection[Customer], pools: Mapping[UUID, Pool]
) -> Terms:
    """Read the viewer's terms for customers that were read before.

    One row of each pool tells the seat in it; of the others only those say more that were lost.
    """
    organization = viewer.organization
    pool_ids = [each.pool_id for each in customers]
    ids = [each.id for each in customers]
    telling = dict(zip(pool_ids, ids, strict=True))
    given = (organization.id, ids, pool_ids, viewer.id, list(telling.values()))
    rows = {row["id"]: row for row in await database.records(TERMS, *given)}
    return Terms(
        calendar=organization.calendar,
        pools=pools,
        seats={pool_id: {**rows[id], **NO_LOSS} for pool_id, id in telling.items()},
        losses={id: row for id, row in rows.items() if row["lost_at"]},
    )
