"""China's public holidays and make-up days, and the days that an organization puts over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from chinese_calendar import constants

from models.rules.calendars import SATURDAY, Calendar

CHINESE_ZONES = frozenset(
    {"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "PRC"}
)
FIRST_YEAR = min(constants.holidays).year
LAST_YEAR = max(constants.holidays).year


@dataclass(frozen=True)
class OwnDays:
    """What one year of an organization's own calendar says, whatever the public one does."""

    holidays: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()


NO_DAYS = OwnDays()


def is_chinese(zone: str) -> bool:
    return zone in CHINESE_ZONES


def days_of(zone: str, year: int, own: OwnDays = NO_DAYS) -> OwnDays:
    """The days off beside weekends, and the weekend days at work, that hold in the year.

    The public ones are the State Council's as chinesecalendar has them, 2004 to LAST_YEAR, for
    organizations in China; a later year has none until they are published.
    """
    holidays, workdays = _public(year) if is_chinese(zone) else (frozenset(), frozenset())
    return OwnDays(
        holidays=holidays - own.working_weekends | own.holidays,
        working_weekends=workdays - own.holidays | own.working_weekends,
    )


def calendar_of(zone: str, own: Mapping[int, OwnDays]) -> Calendar:
    years = set(own) | (set(range(FIRST_YEAR, LAST_YEAR + 1)) if is_chinese(zone) else set())
    days = [days_of(zone, year, own.get(year, NO_DAYS)) for year in years]
    return Calendar(
        ZoneInfo(zone),
        frozenset[date]().union(*(each.holidays for each in days)),
        frozenset[date]().union(*(each.working_weekends for each in days)),
        LAST_YEAR if is_chinese(zone) else None,
    )


@lru_cache(maxsize=256)
def _public(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """A holiday on a Saturday or Sunday is one too: an own working weekend may be put over it."""
    holidays = frozenset(day for day in constants.holidays if day.year == year)
    workdays = frozenset(
        day for day in constants.workdays if day.year == year and day.weekday() >= SATURDAY
    )
    return holidays, workdays
