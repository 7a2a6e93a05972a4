"""Quiet hours: dates in, dates out."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def is_quiet(moment: datetime, begin: time, end: time, zone: ZoneInfo) -> bool:
    """Return whether the zone's clock shows a time from `begin` until before `end`.

    From 22:00 to 07:00 goes past midnight. From 07:00 to 07:00 would be no time at all.
    """
    local = moment.astimezone(zone).time()
    if begin <= end:
        return begin <= local < end
    return local >= begin or local < end


def quiet_until(moment: datetime, begin: time, end: time, zone: ZoneInfo) -> datetime | None:
    """Return the first moment that is not quiet, in UTC; None if this one is not.

    `begin` and `end` have whole minutes. By looking at each minute: where the clock is set, a time
    comes twice, or never.
    """
    if not is_quiet(moment, begin, end, zone):
        return None
    later = moment.astimezone(UTC).replace(second=0, microsecond=0)
    while is_quiet(later, begin, end, zone):
        later += MINUTE
    return later
