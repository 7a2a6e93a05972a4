"""China's public holidays and make-up days, and how an organization overrides them."""

import json
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
class YearDays:
    """The days off beside weekends, and the weekend days at work, of one year."""

    holidays: frozenset[date] = frozenset()
    working_weekends: frozenset[date] = frozenset()


NO_DAYS = YearDays()


def is_chinese(zone: str) -> bool:
    return zone in CHINESE_ZONES


def days_of(zone: str, year: int, overrides: YearDays = NO_DAYS) -> YearDays:
    """Return the days of a year: the public ones, with the organization's overrides.

    The public ones are the State Council's as chinesecalendar has them, 2004 to LAST_YEAR, for
    organizations in China; a later year has none until they are published.
    """
    holidays, workdays = _public(year) if is_chinese(zone) else (frozenset(), frozenset())
    return YearDays(
        holidays=holidays - overrides.working_weekends | overrides.holidays,
        working_weekends=workdays - overrides.holidays | overrides.working_weekends,
    )


def calendar_of(zone: str, overrides: Mapping[int, YearDays]) -> Calendar:
    """Return the calendar of an organization; `overrides` are its own days by year."""
    years = set(overrides) | (set(range(FIRST_YEAR, LAST_YEAR + 1)) if is_chinese(zone) else set())
    days = [days_of(zone, year, overrides.get(year, NO_DAYS)) for year in years]
    return Calendar(
        ZoneInfo(zone),
        frozenset[date]().union(*(each.holidays for each in days)),
        frozenset[date]().union(*(each.working_weekends for each in days)),
        LAST_YEAR if is_chinese(zone) else None,
    )


@lru_cache(maxsize=1024)
def stored_calendar(zone: str, overrides: str | None) -> Calendar:
    """Return the calendar by the columns of CALENDAR_COLUMNS."""
    return calendar_of(zone, parsed_overrides(overrides))


def parsed_overrides(stored: str | None) -> dict[int, YearDays]:
    """Return the overrides by year; the JSON has a list of days off and one of days at work."""
    years = json.loads(stored) if stored else {}
    return {int(year): YearDays(*map(_dates, days)) for year, days in years.items()}


def _dates(days: list[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, days))


@lru_cache(maxsize=256)
def _public(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Holidays include those on weekend days: an override may make such a day a working one."""
    holidays = frozenset(day for day in constants.holidays if day.year == year)
    workdays = frozenset(
        day for day in constants.workdays if day.year == year and day.weekday() >= SATURDAY
    )
    return holidays, workdays
