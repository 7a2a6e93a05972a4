"""Customers that a member wants, with what decides whether they may have them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models import database
from models.rules.calendars import Calendar
from models.rules.holidays import stored_calendar
from models.rules.rules import Rules, parsed_rules
from models.tables import CUSTOMER_COLUMNS, ORGANIZATION_COLUMNS, Customer
from models.viewers import Viewer

CANDIDATES = f"""
SELECT {CUSTOMER_COLUMNS}, c.xmin::text AS revision, p.rules, p.rules_version AS pool_version,
  {ORGANIZATION_COLUMNS}, clock_timestamp() AS now, s.held, s.won, s.claimed_on, s.claimed_today,
  (SELECT max(e.at) FROM event e
   WHERE e.customer_id = c.id AND e.former_id = w.member_id) AS lost_at
FROM unnest($2::uuid[], $3::uuid[]) AS w(customer_id, member_id)
JOIN customer c ON c.id = w.customer_id AND c.organization_id = $1
JOIN pool p ON p.id = c.pool_id JOIN organization o ON o.id = c.organization_id
LEFT JOIN seat s ON s.pool_id = c.pool_id AND s.member_id = w.member_id
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer and who wants it, as read at `now` by the database's clock."""

    customer: Customer
    revision: str
    rules: Rules
    rules_version: int
    calendar: Calendar
    now: datetime
    seated: bool
    held: int
    claimed_on: date | None
    claimed_today: int
    lost_at: datetime | None

    def claimed_on_day(self, today: date) -> int:
        return self.claimed_today if self.claimed_on and self.claimed_on >= today else 0


async def candidates(viewer: Viewer, member_id: UUID, ids: list[UUID]) -> list[Candidate]:
    return await candidates_for(viewer, ids, [member_id] * len(ids))


async def candidates_for(
    viewer: Viewer, ids: list[UUID], member_ids: list[UUID]
) -> list[Candidate]:
    """Each customer and the member beside it, in the order of the customers."""
    rows = await database.rows(CANDIDATES, viewer.organization.id, ids, member_ids)
    at = {id: n for n, id in enumerate(ids)}
    return sorted(map(_candidate, rows), key=lambda each: at[each.customer.id])


def _candidate(row: dict[str, Any]) -> Candidate:
    rules = parsed_rules(row["rules"])
    held = (row["held"] or 0) - (0 if rules.won_count else row["won"] or 0)
    return Candidate(
        customer=database.as_model(Customer, row),
        revision=row["revision"],
        rules=rules,
        rules_version=row["pool_version"],
        calendar=stored_calendar(row["time_zone"], row["calendar_overrides"]),
        now=row["now"],
        seated=row["held"] is not None,
        held=held,
        claimed_on=row["claimed_on"],
        claimed_today=row["claimed_today"] or 0,
        lost_at=row["lost_at"],
    )
