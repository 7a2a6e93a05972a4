"""To whom a pool deals: present members to whom it is open, with what they hold and were dealt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models import database
from models.distribution.turns import Receiver
from models.rules.absences import is_absent
from models.rules.calendars import Calendar
from models.rules.distribution import Distribution
from models.rules.holidays import stored_calendar
from models.rules.rules import Rules, parsed_rules
from models.tables import LED_BY_MEMBER, OPENS_TO_MEMBER, ORGANIZATION_COLUMNS, Member, works_in

POOL = f"""
SELECT p.rules, p.rules_version, {ORGANIZATION_COLUMNS}, clock_timestamp() AS now
FROM pool p JOIN organization o ON o.id = p.organization_id
WHERE p.organization_id = $1 AND p.id = $2 AND p.rules ->> 'distribution' IS NOT NULL
"""
# Whether a member `m` works in one of the departments $4, or below.
IN_DEPARTMENTS = f"""EXISTS (
      SELECT FROM unnest($4::uuid[]) AS d(id) WHERE {works_in("m", "d.id")})"""
# Whether the pool $2 is open to a member `m`: by name, or as one who works in a department.
OPEN = f"""EXISTS (
      SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = $2
        AND NOT a.administers AND (a.member_id = m.id OR {works_in("m", "a.department_id")}))"""
# Whether they see it: an admin, an administrator of the pool and a lead do, too.
SEEN = f"""(m.role = 'ADMIN' OR EXISTS (
      SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = $2
        AND {OPENS_TO_MEMBER}))"""
# What the pool $2 has dealt to a member `m`; the index event_dealt has nothing else.
DEALT = """FROM event e WHERE e.organization_id = $1 AND e.pool_id = $2 AND e.member_id = m.id
    AND e.action = 'ASSIGNED' AND e.details ? 'dealt'"""
# Who only sees the pool gets nothing unless named.
RECEIVERS = f"""
SELECT m.*, s.held, s.won,
  (SELECT count(*) {DEALT} AND e.at >= $5) AS dealt_today,
  (SELECT (extract(epoch FROM max(e.at)) * 1000000)::bigint {DEALT}) AS dealt_last
FROM member m JOIN {LED_BY_MEMBER} AS led ON true
LEFT JOIN seat s ON s.organization_id = $1 AND s.pool_id = $2 AND s.member_id = m.id
WHERE m.organization_id = $1 AND m.active AND CASE
  WHEN cardinality($3::uuid[]) + cardinality($4::uuid[]) = 0 THEN {OPEN}
  ELSE (m.id = ANY($3::uuid[]) OR {IN_DEPARTMENTS}) AND {SEEN} END
ORDER BY m.id
"""


@dataclass(frozen=True, slots=True)
class Dealer:
    """A pool that deals its customers out, read at `now` (database's clock)."""

    organization_id: UUID
    pool_id: UUID
    rules: Rules
    rules_version: int
    distribution: Distribution
    calendar: Calendar
    now: datetime

    @property
    def opened_by(self) -> datetime:
        """Customers that lie open since then, or longer, are dealt out now."""
        return self.distribution.opened_by(self.now, self.calendar, self.rules.working_days)

    @property
    def today(self) -> date:
        return self.calendar.day_of(self.now)


def dealer_of(row: Mapping[str, Any], pool_id: UUID, rules: Rules) -> Dealer | None:
    """Return None if these rules deal nothing out."""
    if rules.distribution is None:
        return None
    return Dealer(
        organization_id=row["organization_id"],
        pool_id=pool_id,
        rules=rules,
        rules_version=row["rules_version"],
        distribution=rules.distribution,
        calendar=stored_calendar(row["time_zone"], row["calendar_overrides"]),
        now=row["now"],
    )


async def read_dealer(organization_id: UUID, pool_id: UUID) -> Dealer | None:
    """Return the pool by its present rules; None if it deals nothing out."""
    for row in await database.records(POOL, organization_id, pool_id):
        return dealer_of(row, pool_id, parsed_rules(row["rules"]))
    return None


async def read_receivers(dealer: Dealer) -> list[Receiver]:
    """Return those who are present today."""
    named = dealer.distribution
    whom = (list(named.members), list(named.departments))
    rows = await database.records(
        RECEIVERS,
        dealer.organization_id,
        dealer.pool_id,
        *whom,
        dealer.calendar.midnight(dealer.today),
    )
    found = [_receiver(dealer.rules, row) for row in rows]
    return [each for each in found if not is_absent(each.member.absences, dealer.today)]


def _receiver(rules: Rules, row: Mapping[str, Any]) -> Receiver:
    member = database.as_model(Member, row)
    held = rules.counted(row["held"] or 0, row["won"] or 0)
    capacity = rules.capacity_for(member.id, member.lineage)
    return Receiver(
        member=member,
        seated=row["held"] is not None,
        held=held,
        room=None if capacity is None else capacity - held,
        dealt_today=row["dealt_today"],
        last=row["dealt_last"] or 0,
    )
