"""A year's days off and at work: China's, and an organization's own over them."""

from datetime import date

from models.rules.holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    YearDays,
    calendar_of,
    days_of,
    parsed_overrides,
)

SHANGHAI, ELSEWHERE = "Asia/Shanghai", "America/New_York"


def days(*texts: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def test_a_year_has_its_own_days_alone() -> None:
    of_2024 = days_of(SHANGHAI, 2024)
    assert of_2024.working_weekends == days(
        *("2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28"),
        *("2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12"),
    )
    assert len(of_2024.holidays) == 28
    assert {day.year for day in of_2024.holidays} == {2024}
    assert days_of(ELSEWHERE, 2024) == days_of(SHANGHAI, LAST_YEAR + 1) == YearDays()


def test_own_days_win_over_the_public_ones() -> None:
    own = YearDays(days("2024-05-11", "2024-07-01"), days("2024-05-01", "2024-07-06"))
    public, shown = days_of(SHANGHAI, 2024), days_of(SHANGHAI, 2024, own)
    assert shown.holidays - public.holidays == own.holidays
    assert public.holidays - shown.holidays == days("2024-05-01")
    assert shown.working_weekends - public.working_weekends == own.working_weekends
    assert public.working_weekends - shown.working_weekends == days("2024-05-11")
    assert days_of(ELSEWHERE, 2024, own) == own


def test_a_calendar_has_every_published_year_and_the_own_ones() -> None:
    stored = '{"2024": [["2024-07-01"], []], "2031": [[], ["2031-07-05"]]}'
    calendar = calendar_of(SHANGHAI, parsed_overrides(stored))
    assert {day.year for day in calendar.holidays} == set(range(FIRST_YEAR, LAST_YEAR + 1))
    assert not calendar.works_on(date(2024, 7, 1))
    assert calendar.works_on(date(2031, 7, 5))
    elsewhere = calendar_of(ELSEWHERE, parsed_overrides(stored))
    assert elsewhere.holidays == days("2024-07-01")
    assert elsewhere.working_weekends == days("2031-07-05")
    assert parsed_overrides(None) == {}
