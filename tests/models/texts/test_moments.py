"""Dates and times as a reader sees them."""

from datetime import UTC, datetime, timedelta

import pytest

from models.texts.moments import render_moment


@pytest.mark.parametrize(
    ("at", "english", "chinese"),
    [
        ((8, 0, 0, 0), "23 November 2026, 16:00 (UTC+8)", "2026年11月23日 16:00（UTC+8）"),
        ((8, 0, 7, 0), "23 November 2026, 16:00:07 (UTC+8)", "2026年11月23日 16:00:07（UTC+8）"),
        ((8, 0, 7, 1), "23 November 2026, 16:00:08 (UTC+8)", "2026年11月23日 16:00:08（UTC+8）"),
        ((15, 59, 59, 1), "24 November 2026, 00:00 (UTC+8)", "2026年11月24日 00:00（UTC+8）"),
        ((16, 30, 0, 0), "24 November 2026, 00:30 (UTC+8)", "2026年11月24日 00:30（UTC+8）"),
    ],
)
def test_a_moment_is_local_and_rounded_up(
    at: tuple[int, int, int, int], english: str, chinese: str
) -> None:
    moment = datetime(2026, 11, 23, *at, tzinfo=UTC)
    assert render_moment(moment, "en", "Asia/Shanghai") == english
    assert render_moment(moment, "zh", "Asia/Shanghai") == chinese


@pytest.mark.parametrize(
    ("month", "zone", "shown"),
    [
        (1, "UTC", "1 January 2026, 12:00 (UTC)"),
        (1, "Europe/London", "1 January 2026, 12:00 (UTC)"),
        (7, "Europe/London", "1 July 2026, 13:00 (UTC+1)"),
        (7, "America/New_York", "1 July 2026, 08:00 (UTC-4)"),
        (7, "America/St_Johns", "1 July 2026, 09:30 (UTC-2:30)"),
        (7, "Asia/Kathmandu", "1 July 2026, 17:45 (UTC+5:45)"),
    ],
)
def test_the_offset_is_that_of_the_zone_on_that_day(month: int, zone: str, shown: str) -> None:
    assert render_moment(datetime(2026, month, 1, 12, tzinfo=UTC), "en", zone) == shown


def test_every_month_is_written_out() -> None:
    shown = [render_moment(datetime(2026, n, 3, tzinfo=UTC), "en", "UTC") for n in range(1, 13)]
    names = "January February March April May June July August September October November December"
    assert shown == [f"3 {name} 2026, 00:00 (UTC)" for name in names.split()]


def test_clocks_that_are_set_back_show_both_hours() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    shown = [render_moment(first + timedelta(hours=n), "en", "Europe/London") for n in (0, 1)]
    assert shown == ["25 October 2026, 01:30 (UTC+1)", "25 October 2026, 01:30 (UTC)"]
