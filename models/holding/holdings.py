"""Customers as read, with the rules in force and the database's time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import database
from models.refusals import NotFound, NotHolder
from models.rules.absences import Absences, parsed_absences
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.evaluation import facts_of
from models.rules.holidays import stored_calendar
from models.rules.rules import Rules, parsed_rules
from models.rules.schedule import NEARER, Schedule
from models.tables import CALENDAR_COLUMNS, CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer

# Only where they matter.
OWNERS_ABSENCES = """CASE WHEN (p.rules ->> 'absence_stops_clock')::boolean THEN (
    SELECT m.absences FROM member m
    WHERE m.organization_id = c.organization_id AND m.id = c.owner_id)::text END AS absences"""
READ = f"""
SELECT {CUSTOMER_COLUMNS}, c.xmin::text AS revision, p.rules, p.rules_version AS pool_version,
  p.ruled_at, {CALENDAR_COLUMNS}, clock_timestamp() AS now, {OWNERS_ABSENCES}
FROM customer c JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
JOIN organization o ON o.id = c.organization_id
WHERE c.organization_id = $1 AND c.id = ANY($2)
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """A customer as read; most callers refuse one that nobody holds."""

    customer: Customer
    revision: str
    rules: Rules
    version: int
    rules_changed_at: datetime
    calendar: Calendar
    now: datetime
    # The owner's, if they stop clocks in this pool.
    absences: Absences = ()

    @property
    def facts(self) -> Facts:
        since = self.rules_changed_at
        return facts_of(self.customer, self.rules, since, self.calendar, self.absences)

    @property
    def schedule(self) -> Schedule:
        """The schedule as stored. The row names the rules beside NEARER, for the release before."""
        customer = self.customer
        return Schedule(
            release_at=customer.release_at,
            release_reason=customer.release_reason,
            remind_at=tuple(customer.remind_at),
            remind_offsets=tuple(
                NEARER if text.startswith(NEARER) else text for text in customer.remind_offsets
            ),
            unannounced_rules_version=customer.unannounced_rules_version,
            announced_release_at=customer.announced_release_at,
        )

    @property
    def announced_release(self) -> datetime | None:
        """The release last announced to the owner; may be later than release_at."""
        if self.customer.unannounced_rules_version is not None:
            return self.customer.announced_release_at
        return self.customer.release_at

    @property
    def newer_rules(self) -> int | None:
        """The version in force; None if the owner knows the release by these rules."""
        unannounced = self.customer.unannounced_rules_version is not None
        changed = unannounced or self.customer.rules_version != self.version
        return self.version if changed else None


async def read_holdings(organization_id: UUID, ids: Iterable[UUID]) -> list[Holding]:
    rows = await database.rows(READ, organization_id, list(ids))
    return [
        Holding(
            customer=database.as_model(Customer, row),
            revision=row["revision"],
            rules=parsed_rules(row["rules"]),
            version=row["pool_version"],
            rules_changed_at=row["ruled_at"],
            calendar=stored_calendar(row["time_zone"], row["calendar_overrides"]),
            now=row["now"],
            absences=parsed_absences(row["absences"] or "[]"),
        )
        for row in rows
    ]


async def lock_row(viewer: Viewer, customer_id: UUID | None) -> None:
    """Keep other writers from the customer until the commit.

    A read after this one sees what a writer before it has committed.
    """
    await viewer.of(Customer).filter(id=customer_id).select_for_update().only("id")


async def held_by(viewer: Viewer, customer_id: UUID | None) -> Holding:
    """Return a customer that the viewer holds; raises NotHolder, or NotFound if unseen."""
    ids = [customer_id] if customer_id else []
    for holding in await read_holdings(viewer.organization.id, ids):
        if holding.customer.owner_id == viewer.id:
            return holding
        if viewer.sees(holding.customer):
            raise NotHolder
    raise NotFound
