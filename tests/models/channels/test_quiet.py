"""Quiet hours, also where the clock is set."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.channels.quiet import is_quiet, quiet_until

MINUTE = timedelta(minutes=1)
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
NIGHT = (time(22), time(7))

times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
# Around the days on which New York sets its clock, and Lord Howe by half an hour.
zones = st.sampled_from([SHANGHAI, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")])
moments = st.sampled_from(
    [datetime(2026, 3, 8), datetime(2026, 11, 1), datetime(2026, 4, 5), datetime(2026, 10, 4)]  # noqa: DTZ001
).flatmap(
    lambda day: st.integers(-36 * 3600, 36 * 3600).map(
        lambda seconds: day.replace(tzinfo=UTC) + timedelta(seconds=seconds)
    )
)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-28T21:59:59+08:00", None),
        ("2026-11-28T22:00:00+08:00", "2026-11-29T07:00:00+08:00"),
        ("2026-11-29T06:59:59+08:00", "2026-11-29T07:00:00+08:00"),
        ("2026-11-29T07:00:00+08:00", None),
    ],
)
def test_a_night_is_quiet_from_its_begin_until_before_its_end(
    moment: str, until: str | None
) -> None:
    found = quiet_until(datetime.fromisoformat(moment), *NIGHT, SHANGHAI)
    assert found == (until and datetime.fromisoformat(until))


def test_where_the_end_is_left_out_by_the_clock_it_is_the_next_minute_that_there_is() -> None:
    """On 8 March 2026 New York has no 02:30."""
    moment = datetime(2026, 3, 8, 1, 30, tzinfo=NEW_YORK)
    until = quiet_until(moment, time(1), time(2, 30), NEW_YORK)
    assert until == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert until.astimezone(NEW_YORK).time() == time(3)


@given(moments, times, times, zones)
def test_the_end_is_the_first_moment_that_is_not_quiet(
    moment: datetime, begin: time, end: time, zone: ZoneInfo
) -> None:
    until = quiet_until(moment, begin, end, zone)
    if until is None:
        assert not is_quiet(moment, begin, end, zone)
        return
    assert moment < until <= moment + timedelta(hours=25)
    assert not is_quiet(until, begin, end, zone)
    assert is_quiet(until - timedelta(microseconds=1), begin, end, zone)
    steps = (until - moment - timedelta(microseconds=1)) // (30 * MINUTE)
    assert all(is_quiet(moment + n * 30 * MINUTE, begin, end, zone) for n in range(steps + 1))


@given(moments, times, zones)
def test_no_time_at_all_is_never_quiet(moment: datetime, at: time, zone: ZoneInfo) -> None:
    assert quiet_until(moment, at, at, zone) is None
