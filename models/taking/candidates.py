"""Customers that a member wants, with what decides whether they may have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from models import database
from models.rules.calendars import Calendar
from models.rules.holidays import stored_calendar
from models.rules.rules import Rules, parsed_rules
from models.tables import CALENDAR_COLUMNS, CUSTOMER_COLUMNS, Customer
from models.taking.cool_downs import LOSSES, cool_down_end
from models.together import Together
from models.viewers import Viewer

COLUMNS = f"""
SELECT {CUSTOMER_COLUMNS}, c.xmin::text AS revision, p.rules, p.rules_version AS pool_version,
  {CALENDAR_COLUMNS}, clock_timestamp() AS now, s.held, s.won, s.claimed_on, s.claimed_today,
  losses.*
"""
JOINED = f"""
JOIN customer c ON c.organization_id = $1 AND c.id = w.customer_id
JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
JOIN organization o ON o.id = c.organization_id
LEFT JOIN seat s ON s.organization_id = c.organization_id AND s.pool_id = c.pool_id
  AND s.member_id = w.member_id
{LOSSES}
"""
# A customer, a member and a key.
Wanted = tuple[UUID, UUID | None, str | None]
CANDIDATES = f"""
{COLUMNS}
FROM unnest($2::uuid[], $3::uuid[]) AS w(customer_id, member_id)
{JOINED}
"""
# With the first answers to idempotency keys of the members.
CANDIDATES_AND_ANSWERS = f"""
{COLUMNS}, w.position, (
  SELECT a.details FROM event a
  WHERE a.organization_id = $1 AND a.actor_id = w.member_id AND a.idempotency_key = w.key
) AS answer
FROM unnest($2::uuid[], $3::uuid[], $4::text[])
  WITH ORDINALITY AS w(customer_id, member_id, key, position)
{JOINED}
"""


@dataclass(slots=True)
class Candidate:
    """A customer and the seat of the member who is to hold it, read at `now` (database's clock).

    `held` counts as the pool's capacity does; `cools_until` is when this member may claim again a
    customer that they lost.
    """

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
    cools_until: datetime | None

    def claimed_on_day(self, today: date) -> int:
        return self.claimed_today if self.claimed_on and self.claimed_on >= today else 0


async def read_candidates(viewer: Viewer, wanted: Mapping[UUID, UUID | None]) -> list[Candidate]:
    """Return each customer with the seat of its member; `wanted` maps customers to members.

    Who wants one shares a statement with others of the organization that ask at once.
    """
    if len(wanted) == 1 and not database.inside_transaction():
        ((customer_id, member_id),) = wanted.items()
        row = await _single.ask(viewer.organization.id, (customer_id, member_id, None))
        return [_candidate(row)] if row else []
    ids, members = list(wanted), list(wanted.values())
    rows = await database.records(CANDIDATES, viewer.organization.id, ids, members)
    position = {id: n for n, id in enumerate(ids)}
    return sorted(map(_candidate, rows), key=lambda each: position[each.customer.id])


async def read_candidate_and_answer(
    viewer: Viewer, customer_id: UUID, key: str | None
) -> tuple[Candidate, str | None] | None:
    """Return the customer for the viewer, and what the key was answered; None if there is none."""
    row = await _single.ask(viewer.organization.id, (customer_id, viewer.id, key))
    return (_candidate(row), row["answer"]) if row else None


async def _read(organization_id: UUID, wanted: list[Wanted]) -> list[asyncpg.Record | None]:
    given = map(list, zip(*wanted, strict=True))
    rows = await database.records(CANDIDATES_AND_ANSWERS, organization_id, *given)
    found = {row["position"]: row for row in rows}
    return [found.get(n) for n in range(1, len(wanted) + 1)]


_single = Together(_read)


def _candidate(row: Mapping[str, Any]) -> Candidate:
    rules = parsed_rules(row["rules"])
    calendar = stored_calendar(row["time_zone"], row["calendar_overrides"])
    customer = database.as_model(Customer, row)
    version = row["pool_version"]
    return with_seat(customer, row, row["now"], row["revision"], rules, version, calendar)


def with_seat(
    customer: Customer,
    row: Mapping[str, Any],
    now: datetime,
    revision: str,
    rules: Rules,
    rules_version: int,
    calendar: Calendar,
) -> Candidate:
    return Candidate(
        customer=customer,
        revision=revision,
        rules=rules,
        rules_version=rules_version,
        calendar=calendar,
        now=now,
        seated=row["held"] is not None,
        held=rules.counted(row["held"] or 0, row["won"] or 0),
        claimed_on=row["claimed_on"],
        claimed_today=row["claimed_today"] or 0,
        cools_until=cool_down_end(row, rules, calendar),
    )
