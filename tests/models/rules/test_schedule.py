from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.rules import Rules
from models.rules.schedule import NEARER, Schedule, schedule

CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"))
CLAIMED = datetime(2026, 3, 1, 2, tzinfo=UTC)
RULES = Rules.from_json({"max_hold": "P20D", "reminders": ["P7D", "P3D"]})
RELEASE = CLAIMED + timedelta(days=20)
LATER = RELEASE + timedelta(days=9)
EARLIER = RELEASE - timedelta(days=9)


def at_day(day: int, **told: Any) -> Schedule:
    now = CLAIMED + timedelta(days=day)
    return schedule(RULES, Facts(claimed_at=CLAIMED), CALENDAR, now, **told)


def untold(found: Schedule) -> tuple[int | None, datetime | None]:
    return found.unannounced_rules_version, found.announced_release_at


def test_every_reminder_still_to_come_stands_in_its_order() -> None:
    found = at_day(0)
    assert (found.release_at, found.release_reason) == (RELEASE, "MAX_HOLD")
    assert found.remind_offsets == ("P7D", "P3D")
    assert found.remind_at == (RELEASE - timedelta(days=7), RELEASE - timedelta(days=3))


def test_what_nothing_releases_has_no_reminder() -> None:
    locked = Facts(claimed_at=CLAIMED, locked=True)
    assert schedule(RULES, locked, CALENDAR, CLAIMED, newer_rules=7) == Schedule()


def test_reminders_past_are_dropped_after_the_owners_own_act() -> None:
    assert at_day(18, announced=LATER, newer_rules=7).remind_offsets == ()


def test_somebody_elses_move_leaves_one_of_the_reminders_past() -> None:
    found = at_day(18, announced=EARLIER, by_another=True)
    assert (found.remind_offsets, found.remind_at) == (("P3D",), (CLAIMED + timedelta(days=18),))
    assert untold(found) == (None, None)


@pytest.mark.parametrize("known", [LATER, None])
def test_newer_rules_that_leave_less_time_are_told_now(known: datetime | None) -> None:
    found = at_day(14, announced=known, newer_rules=7, by_another=True)
    assert found.remind_offsets == (NEARER, "P3D")
    assert found.remind_at[0] == CLAIMED + timedelta(days=14)
    assert untold(found) == (7, known)


@pytest.mark.parametrize(
    "told",
    [
        {"announced": LATER, "newer_rules": None, "by_another": True},
        {"announced": LATER, "newer_rules": 7, "by_another": False},
        {"announced": RELEASE, "newer_rules": 7, "by_another": True},
        {"announced": EARLIER, "newer_rules": 7, "by_another": True},
    ],
    ids=["same rules", "own act", "same release", "later release"],
)
def test_nothing_else_is_told_as_nearer(told: dict[str, Any]) -> None:
    found = at_day(0, **told)
    assert found.remind_offsets == ("P7D", "P3D")
    assert untold(found) == (None, None)


def test_a_release_already_due_is_told_by_the_release_alone() -> None:
    found = at_day(20, announced=LATER, newer_rules=7, by_another=True)
    assert (found.release_at, found.remind_offsets, untold(found)) == (RELEASE, (), (None, None))


def test_its_row_has_every_column() -> None:
    assert at_day(14, announced=LATER, newer_rules=7, by_another=True).to_json() == {
        "release_at": "2026-03-21T02:00:00+00:00",
        "release_reason": "MAX_HOLD",
        "remind_at": ["2026-03-15T02:00:00+00:00", "2026-03-18T02:00:00+00:00"],
        "remind_offsets": ["nearer", "P3D"],
        "unannounced_rules_version": 7,
        "announced_release_at": "2026-03-30T02:00:00+00:00",
    }
