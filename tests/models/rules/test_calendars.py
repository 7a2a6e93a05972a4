from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.calendars import Calendar
from models.rules.durations import Span

SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"))
NEW_YORK = Calendar(ZoneInfo("America/New_York"))
OCTOBER = Calendar(
    ZoneInfo("Asia/Shanghai"),
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    working_weekends=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)


def local(calendar: Calendar, text: str, fold: int = 0) -> datetime:
    wall = datetime.fromisoformat(text).replace(tzinfo=calendar.zone, fold=fold)
    return wall.astimezone(UTC)


def after(calendar: Calendar, text: str, span: str, working_days: bool = False) -> str:
    moment = calendar.after(local(calendar, text), Span.parse(span), working_days)
    assert moment.tzinfo is UTC
    return moment.astimezone(calendar.zone).strftime("%a %Y-%m-%d %H:%M")


def before(calendar: Calendar, text: str, span: str, working_days: bool = False) -> str:
    moment = calendar.before(local(calendar, text), Span.parse(span), working_days)
    assert moment.tzinfo is UTC
    return moment.astimezone(calendar.zone).strftime("%a %Y-%m-%d %H:%M")


def test_days_keep_the_wall_time_and_hours_do_not() -> None:
    assert after(NEW_YORK, "2026-03-07 17:30", "P1D") == "Sun 2026-03-08 17:30"
    assert after(NEW_YORK, "2026-03-07 17:30", "PT24H") == "Sun 2026-03-08 18:30"
    assert before(NEW_YORK, "2026-03-08 17:30", "P1D") == "Sat 2026-03-07 17:30"
    assert before(NEW_YORK, "2026-03-08 17:30", "PT24H") == "Sat 2026-03-07 16:30"


def test_a_wall_time_that_does_not_exist_moves_forward_by_the_gap() -> None:
    assert after(NEW_YORK, "2026-03-07 02:30", "P1D") == "Sun 2026-03-08 03:30"
    assert before(NEW_YORK, "2026-03-09 02:30", "P1D") == "Sun 2026-03-08 03:30"
    assert after(Calendar(ZoneInfo("Pacific/Apia")), "2011-12-29 10:00", "P1D") == (
        "Sat 2011-12-31 10:00"
    )


def test_elapsed_time_comes_after_the_days() -> None:
    assert after(NEW_YORK, "2026-03-07 02:30", "P1DT1H") == "Sun 2026-03-08 04:30"
    assert after(NEW_YORK, "2026-03-07 01:30", "P1DT1H") == "Sun 2026-03-08 03:30"


def test_a_wall_time_that_comes_twice_is_the_first_of_the_two() -> None:
    first = local(NEW_YORK, "2026-11-01 01:30", fold=0)
    assert NEW_YORK.after(local(NEW_YORK, "2026-10-31 01:30"), Span.parse("P1D")) == first


def test_no_days_leave_the_moment_alone_in_the_hour_that_comes_twice() -> None:
    second = local(NEW_YORK, "2026-11-01 01:30", fold=1)
    assert NEW_YORK.after(second, Span.parse("P0D")) == second
    assert NEW_YORK.before(second, Span.parse("PT0S"), working_days=True) == second


def test_working_days_step_over_weekends() -> None:
    assert after(SHANGHAI, "2026-08-06 10:00", "P1D", True) == "Fri 2026-08-07 10:00"
    assert after(SHANGHAI, "2026-08-06 10:00", "P2D", True) == "Mon 2026-08-10 10:00"
    assert before(SHANGHAI, "2026-08-10 10:00", "P2D", True) == "Thu 2026-08-06 10:00"


def test_a_moment_on_a_free_day_counts_from_there() -> None:
    assert after(SHANGHAI, "2026-08-08 23:00", "P1D", True) == "Mon 2026-08-10 23:00"
    assert after(SHANGHAI, "2026-08-09 08:00", "P2D", True) == "Tue 2026-08-11 08:00"
    assert before(SHANGHAI, "2026-08-09 08:00", "P1D", True) == "Fri 2026-08-07 08:00"


def test_holidays_are_stepped_over_and_working_weekends_count() -> None:
    assert after(OCTOBER, "2026-09-18 10:00", "P1D", True) == "Sun 2026-09-20 10:00"
    assert after(OCTOBER, "2026-09-30 10:00", "P1D", True) == "Thu 2026-10-08 10:00"
    assert after(OCTOBER, "2026-09-30 10:00", "P3D", True) == "Sat 2026-10-10 10:00"
    assert before(OCTOBER, "2026-10-08 10:00", "P1D", True) == "Wed 2026-09-30 10:00"


def test_a_holiday_wins_over_a_working_weekend() -> None:
    saturday = frozenset({date(2026, 8, 8)})
    assert not Calendar(ZoneInfo("UTC"), saturday, saturday).works_on(date(2026, 8, 8))


def test_only_whole_days_are_working_days() -> None:
    assert after(SHANGHAI, "2026-08-07 10:00", "PT48H", True) == "Sun 2026-08-09 10:00"
    assert after(SHANGHAI, "2026-08-07 10:00", "P1DT12H", True) == "Mon 2026-08-10 22:00"
    assert before(SHANGHAI, "2026-08-10 22:00", "P1DT12H", True) == "Fri 2026-08-07 10:00"


def test_the_day_is_the_local_one() -> None:
    assert SHANGHAI.day_of(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert SHANGHAI.day_of(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("Asia/Shanghai", "2026-03-01 23:59", datetime(2026, 3, 1, 16, tzinfo=UTC)),
        ("Asia/Shanghai", "2026-03-02 00:00", datetime(2026, 3, 2, 16, tzinfo=UTC)),
        ("America/New_York", "2026-03-08 12:00", datetime(2026, 3, 9, 4, tzinfo=UTC)),
        ("Asia/Beirut", "2025-03-29 12:00", datetime(2025, 3, 29, 22, tzinfo=UTC)),
    ],
)
def test_the_next_midnight_is_the_organizations(zone: str, wall: str, expected: datetime) -> None:
    calendar = Calendar(ZoneInfo(zone))
    assert calendar.next_midnight(local(calendar, wall)) == expected


def test_a_moment_in_any_zone_is_the_same_moment() -> None:
    moment = datetime(2026, 3, 7, 17, 30, tzinfo=NEW_YORK.zone)
    span = Span.parse("P1DT1H")
    assert SHANGHAI.before(moment, span) == SHANGHAI.before(moment.astimezone(UTC), span)
    assert SHANGHAI.after(moment, span) == SHANGHAI.after(moment.astimezone(UTC), span)


def test_a_naive_moment_is_refused() -> None:
    naive = datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        SHANGHAI.after(naive, Span.parse("P1D"))


@settings(deadline=None)
@given(
    st.timedeltas(timedelta(0), timedelta(3000)).map(datetime(2020, 1, 1, tzinfo=UTC).__add__),
    st.integers(0, 500),
    st.timedeltas(timedelta(0), timedelta(5)),
)
def test_before_undoes_after(moment: datetime, days: int, elapsed: timedelta) -> None:
    span = Span(days, elapsed, "")
    assert SHANGHAI.before(SHANGHAI.after(moment, span), span) == moment


@settings(deadline=None)
@given(st.integers(0, 2000), st.integers(1, 300))
def test_as_many_working_days_pass_as_were_asked_for(start: int, count: int) -> None:
    moment = datetime(2024, 1, 1, 4, tzinfo=UTC) + timedelta(days=start)
    due = OCTOBER.after(moment, Span.parse(f"P{count}D"), working_days=True)
    passed = (OCTOBER.day_of(moment) + timedelta(n + 1) for n in range((due - moment).days))
    assert sum(map(OCTOBER.works_on, passed)) == count
    assert OCTOBER.works_on(OCTOBER.day_of(due))
