"""Dates and times for people, in the reader's language and time zone."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

SECOND = timedelta(seconds=1)
# CLDR patterns.
DAYS = {"en": "d MMMM y", "zh": "y年M月d日"}
MOMENTS = {"en": "{day}, {time} ({offset})", "zh": "{day} {time}（{offset}）"}


def render_moment(moment: datetime, language: str, time_zone: str) -> str:
    """For example "23 November 2026, 16:00 (UTC+8)"; with seconds if there are any.

    Rounded up to a second, so that acting at the shown time is never early.
    """
    local = _rounded_up(moment).astimezone(_zone(time_zone))
    time = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    day = _rendered_day(local.date(), language)
    return MOMENTS[language].format(day=day, time=time, offset=_offset(local))


@lru_cache(maxsize=1024)
def _rendered_day(day: date, language: str) -> str:
    """Cached, because babel takes several microseconds and days repeat."""
    return format_date(day, DAYS[language], locale=language)


def _rounded_up(moment: datetime) -> datetime:
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + SECOND


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _offset(local: datetime) -> str:
    """For example "UTC+8" or "UTC-3:30"; CLDR has no such short form."""
    offset = local.utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    if not (hours or minutes):
        return "UTC"
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"
