"""What decides whether a viewer may claim customers of a list."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import database
from models.rules.calendars import Calendar
from models.tables import Customer, Pool
from models.taking.candidates import Candidate, with_seat
from models.taking.cool_downs import LOSSES, NO_LOSS
from models.viewers import Viewer

# Of customers `c` of a pool: the seat of each member `w` in it, and when they lost them. The joins
# keep the order of `c`.
TERM_COLUMNS = "s.held, s.won, s.claimed_on, s.claimed_today, losses.*"
TERM_JOINS = f"""
CROSS JOIN {{members}} AS w(member_id)
LEFT JOIN LATERAL (
  SELECT s.held, s.won, s.claimed_on, s.claimed_today FROM seat s
  WHERE s.organization_id = $1 AND s.pool_id = {{pool}} AND s.member_id = w.member_id LIMIT 1
) AS s ON true
{LOSSES}
"""
# Of customers that are read already: those that a member has lost, and $5.
TERMS = f"""
SELECT w.member_id, c.id, c.pool_id, {TERM_COLUMNS}
FROM (
  SELECT $1::uuid AS organization_id, given.* FROM unnest($2::uuid[], $3::uuid[])
  AS given(id, pool_id)
) AS c {TERM_JOINS.format(members="unnest($4::uuid[])", pool="c.pool_id")}
WHERE losses.lost_at IS NOT NULL OR c.id = ANY($5)
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides whether a member may claim customers of a list: their seats, their losses."""

    calendar: Calendar
    now: datetime
    pools: Mapping[UUID, Pool]
    # By pool.
    seats: Mapping[UUID, Mapping[str, Any]]
    # By customer: those that the member has lost.
    losses: Mapping[UUID, Mapping[str, Any]]

    def candidate(self, customer: Customer) -> Candidate:
        """Return the customer with the member's own seat: to tell, not to claim."""
        pool = self.pools[customer.pool_id]
        row = self.losses.get(customer.id) or self.seats[pool.id]
        return with_seat(customer, row, self.now, "", pool.rules, pool.rules_version, self.calendar)


# A viewer, and the pools of the customers as the viewer has read them.
Asking = tuple[Viewer, Mapping[UUID, Pool]]


async def terms_of(
    viewer: Viewer, customers: Collection[Customer], pools: Mapping[UUID, Pool]
) -> Terms:
    """Read the viewer's terms for customers that were read before."""
    (terms,) = await terms_of_each([(viewer, pools)], customers)
    return terms


async def terms_of_each(asking: Sequence[Asking], customers: Collection[Customer]) -> list[Terms]:
    """Read the terms of members of one organization for customers that were read before.

    One row of each pool tells a seat in it; of the others only those say more that were lost.
    """
    pool_ids = [each.pool_id for each in customers]
    ids = [each.id for each in customers]
    telling = list(dict(zip(pool_ids, ids, strict=True)).values())
    members = list({viewer.id for viewer, _ in asking})
    given = (asking[0][0].organization.id, ids, pool_ids, members, telling)
    rows: dict[UUID, dict[UUID, list[Mapping[str, Any]]]]
    rows = defaultdict(lambda: defaultdict(list))
    for row in await database.records(TERMS, *given):
        rows[row["member_id"]][row["pool_id"]].append(row)
    return [terms_in(viewer, rows[viewer.id], pools) for viewer, pools in asking]


def terms_in(
    viewer: Viewer,
    rows: Mapping[UUID, Sequence[Mapping[str, Any]]],
    pools: Mapping[UUID, Pool],
) -> Terms:
    """Return the terms in rows of customers with TERM_COLUMNS, by pool."""
    seats = {id: {**found[0], **NO_LOSS} for id, found in rows.items() if found}
    losses = {row["id"]: row for found in rows.values() for row in found if row["lost_at"]}
    return Terms(viewer.organization.calendar, viewer.asked_at, pools, seats, losses)
