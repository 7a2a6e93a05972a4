from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from models.rules.calendars import Calendar
from models.rules.distribution import Distribution, Strategy
from models.rules.durations import Span
from models.rules.problems import problems_of
from models.rules.rules import Rules

SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"))
# A Saturday.
NOW = datetime(2026, 6, 6, 2, tzinfo=UTC)


def opened_by(after: str, now: datetime = NOW, *, working_days: bool = False) -> datetime:
    return Distribution(after=Span.parse(after)).opened_by(now, SHANGHAI, working_days)


def test_it_is_stored_with_the_rules_as_it_is() -> None:
    whole = Distribution(
        Strategy.LEAST_LOADED, 5, Span.parse("P3D"), (UUID(int=1),), (UUID(int=2), UUID(int=3))
    )
    for rules in (Rules(distribution=whole), Rules(distribution=Distribution()), Rules()):
        assert Rules.from_json(rules.to_json()) == rules


@pytest.mark.parametrize("after", ["PT0S", "PT36H", "P3D", "P2DT5H", "P366D"])
@pytest.mark.parametrize("working_days", [False, True])
def test_what_opened_by_then_has_lain_open_for_as_long(after: str, working_days: bool) -> None:
    """And what opened a moment later has not."""
    span = Span.parse(after)
    moment = opened_by(after, working_days=working_days)
    assert SHANGHAI.after(moment, span, working_days) <= NOW
    assert SHANGHAI.after(moment + timedelta(seconds=2), span, working_days) > NOW


def test_a_wait_of_working_days_passes_no_weekend() -> None:
    thursday = datetime(2026, 6, 4, 2, tzinfo=UTC)
    monday = datetime(2026, 6, 8, 2, tzinfo=UTC)
    assert opened_by("P2D", working_days=True) < thursday
    assert thursday - opened_by("P2D", monday, working_days=True) <= timedelta(seconds=1)


def test_each_problem_is_named_by_its_path() -> None:
    twice = (UUID(int=1), UUID(int=1))
    wrong = Distribution(quota=0, after=Span.parse("-P1D"), members=twice, departments=twice)
    found = {each.path: each.message for each in problems_of(Rules(distribution=wrong))}
    assert found == {
        "rules.distribution.quota": "must be 1 or more; leave it out for no limit",
        "rules.distribution.after": "must not be negative; PT0S deals at once",
        "rules.distribution.memberIds.1": "duplicates an earlier entry",
        "rules.distribution.departmentIds.1": "duplicates an earlier entry",
    }
    most = Distribution(quota=1, after=Span.parse("P366D"))
    assert list(problems_of(Rules(distribution=most))) == []
    late = Rules(distribution=Distribution(after=Span.parse("P367D")))
    assert [each.message for each in problems_of(late)] == ["must be no longer than P366D"]
