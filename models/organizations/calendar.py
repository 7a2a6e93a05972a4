"""An organization's own holidays and working weekends, which override the public ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models import database
from models.holding import alarms
from models.holding.reevaluation import AT_ONCE, reevaluate_pool
from models.ledger.recording import record
from models.refusals import InvalidInput, Problem
from models.rules.calendars import SATURDAY
from models.rules.holidays import NO_DAYS, YearDays, days_of, parsed_overrides
from models.tables import Organization, Pool
from models.texts.text import Text
from models.viewers import Viewer

YEARS = range(2000, 2101)

SAVE = """
INSERT INTO organization_calendar (organization_id, year, holidays, working_weekends)
VALUES ($1, $2, $3, $4) ON CONFLICT ON CONSTRAINT organization_calendar_year
DO UPDATE SET holidays = excluded.holidays, working_weekends = excluded.working_weekends
"""
# A changed calendar is a new version of all rules that count working days.
NEW_VERSIONS = """
WITH changed AS (
  UPDATE pool SET rules_version = rules_version + 1, ruled_at = clock_timestamp()
  WHERE organization_id = $1 AND (rules ->> 'working_days')::boolean RETURNING *
), kept AS (
  INSERT INTO pool_rules (organization_id, pool_id, version, rules, actor_id, at)
  SELECT organization_id, id, rules_version, rules, $2, ruled_at FROM changed
)
SELECT id FROM changed
"""


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The holidays and working weekends of a year, and which are the organization's own."""

    year: int
    holidays: list[date]
    working_weekends: list[date]
    own_holidays: list[date]
    own_working_weekends: list[date]
    published: bool


def calendar_year(organization: Organization, year: int) -> CalendarYear:
    """Return a year of the calendar; raises InvalidInput outside of YEARS."""
    _check_year(year)
    own = parsed_overrides(organization.calendar_overrides).get(year, NO_DAYS)
    days = days_of(organization.time_zone, year, own)
    return CalendarYear(
        year,
        sorted(days.holidays),
        sorted(days.working_weekends),
        sorted(own.holidays),
        sorted(own.working_weekends),
        organization.calendar.is_published(year),
    )


async def set_calendar(
    viewer: Viewer, year: int, holidays: Sequence[date], working_weekends: Sequence[date]
) -> None:
    """Replace the organization's own days of a year, at once.

    Customers held under rules that count working days get a new deadline, after the grace.
    Raises Forbidden and InvalidInput.
    """
    viewer.require_admin()
    _check(viewer.organization, year, holidays, working_weekends)
    own = YearDays(frozenset(holidays), frozenset(working_weekends))
    async with database.transaction():
        scope = (viewer.organization.id, year)
        # A concurrent change of rules to working days waits, or is waited for.
        await viewer.of(Pool).only("id").order_by("id").select_for_update(no_key=True)
        await database.rows(SAVE, *scope, sorted(own.holidays), sorted(own.working_weekends))
        pools = await database.rows(NEW_VERSIONS, viewer.organization.id, viewer.id)
        details = {
            "year": year,
            "holidays": [str(day) for day in sorted(own.holidays)],
            "working_weekends": [str(day) for day in sorted(own.working_weekends)],
        }
        await record(viewer, "CALENDAR_CHANGED", details=details)
    left = AT_ONCE
    for pool in pools:
        left -= await reevaluate_pool(viewer.organization.id, pool["id"], left)
    await alarms.ring()


def _check(
    organization: Organization,
    year: int,
    holidays: Sequence[date],
    working_weekends: Sequence[date],
) -> None:
    _check_year(year)
    public = days_of(organization.time_zone, year).holidays
    problems = [
        Problem(f"{path}.{n}", Text("must be a day of {year}", year=year))
        for path, days in (("holidays", holidays), ("workingWeekends", working_weekends))
        for n, day in enumerate(days)
        if day.year != year
    ]
    for n, day in enumerate(working_weekends):
        if day in holidays:
            problems.append(Problem(f"workingWeekends.{n}", "is also listed as a holiday"))
        elif day.weekday() < SATURDAY and day not in public and day.year == year:
            problems.append(Problem(f"workingWeekends.{n}", "is already a working day"))
    if problems:
        raise InvalidInput(tuple(problems))


def _check_year(year: int) -> None:
    if year not in YEARS:
        wrong = Text("must be from {least} to {most}", least=YEARS[0], most=YEARS[-1])
        raise InvalidInput.at("year", wrong)
