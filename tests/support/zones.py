"""Time zones by what their clocks say."""

from datetime import UTC, datetime


def zone_where_it_is(hour: int) -> str:
    """A time zone whose clocks say this hour now."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
