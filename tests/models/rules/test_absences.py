"""Clocks that stand still while an owner is absent: agreed cases, and what always holds."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.absences import Absence, is_absent, parsed_absences, written_absences
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts, ReleaseReason, forecast, reminders
from models.rules.durations import Span
from models.rules.remedies import remedy
from models.rules.rules import Rules
from models.rules.schedule import schedule
from tests.models.rules.test_deadlines import facts_of, rules_of, told

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "absences.json").read_text())["cases"]
SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"))
NEW_YORK = Calendar(ZoneInfo("America/New_York"))
MONDAY = datetime(2026, 6, 1, 2, tzinfo=UTC)
WEEK = (Absence(date(2026, 6, 3), date(2026, 6, 9)),)
STILL = Rules(absence_stops_clock=True, follow_up_within=Span.parse("P5D"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_agreed_cases_hold(case: dict[str, Any]) -> None:
    absences = parsed_absences(json.dumps(case["absences"]))
    facts = facts_of(case)
    with_absences = Facts(**facts._asdict() | {"absences": absences})
    assert told(forecast(rules_of(case), with_absences, SHANGHAI)) == case["expect"]


days = st.integers(0, 60).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
moments = st.timedeltas(timedelta(0), timedelta(50)).map(datetime(2026, 1, 1, tzinfo=UTC).__add__)
spans = st.tuples(st.integers(0, 20), st.integers(0, 10**6)).map(
    lambda parts: Span.parse(f"P{parts[0]}DT{parts[1]}S")
)


@st.composite
def absences(draw: st.DrawFn) -> tuple[Absence, ...]:
    bounds = sorted(draw(st.lists(days, unique=True, max_size=6)))
    return tuple(Absence(*pair) for pair in zip(bounds[::2], bounds[1::2], strict=False))


@settings(deadline=None)
@given(absences(), moments, spans, st.booleans(), st.sampled_from([SHANGHAI, NEW_YORK]))
def test_an_absence_moves_no_deadline_earlier_and_none_into_it(
    some: tuple[Absence, ...], moment: datetime, span: Span, working: bool, calendar: Calendar
) -> None:
    still = calendar.standing_still(some)
    end = still.after(moment, span, working)
    assert end >= calendar.after(moment, span, working)
    # At a midnight the absence only begins.
    if end != still.midnight(still.day_of(end)):
        assert not is_absent(some, still.day_of(end))


@settings(deadline=None)
@given(absences(), moments, st.integers(0, 10**6))
def test_hours_back_are_hours_forth(
    some: tuple[Absence, ...], moment: datetime, seconds: int
) -> None:
    still, span = SHANGHAI.standing_still(some), Span.parse(f"PT{seconds}S")
    before = still.before(moment, span)
    none = timedelta()
    gone = (max(none, min(stop, moment) - max(start, before)) for start, stop in still._gaps)
    assert moment - before == sum(gone, timedelta(seconds=seconds))


def test_a_reminder_comes_before_the_absence() -> None:
    rules = Rules(absence_stops_clock=True, reminders=(Span.parse("P2D"),))
    release = datetime(2026, 6, 10, 2, tzinfo=UTC)
    clock = SHANGHAI.standing_still(WEEK)
    assert [at for _, at in reminders(rules, release, clock)] == [MONDAY]
    facts = Facts(MONDAY, absences=WEEK)
    (first, *_) = schedule(STILL, facts, SHANGHAI, MONDAY).remind_at
    assert SHANGHAI.day_of(first) == date(2026, 6, 10)


def test_a_date_says_which_days_did_not_count() -> None:
    found = forecast(STILL, Facts(MONDAY, absences=WEEK), SHANGHAI)
    assert found
    (condition,) = found.conditions
    assert condition.reason is ReleaseReason.NOT_FOLLOWED_UP
    assert remedy(condition, STILL) == (
        "Log a follow-up before then. The clock stands still while the owner is absent,"
        " from 2026-06-03 to 2026-06-09."
    )
    without = forecast(STILL, Facts(MONDAY), SHANGHAI)
    assert without
    assert remedy(without.conditions[0], STILL) == "Log a follow-up before then."


def test_absences_are_stored_in_order() -> None:
    first, second = Absence(date(2026, 1, 1), date(2026, 1, 2)), *WEEK
    assert parsed_absences(written_absences([second, first])) == (first, second)
