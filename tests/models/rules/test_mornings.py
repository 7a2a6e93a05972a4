"""Nothing is released unannounced that was due to be the day before."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from models.rules.calendars import Calendar
from models.rules.durations import DAY, Span
from models.rules.mornings import MORNING, morning_of, next_morning, told_until

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Cairo",
)
SPANS = ("P1D", "PT24H", "PT25H", "P2D", "P7D", "P1DT1H")
# Seconds after MORNING, on the same day.
late = some.integers(0, 15 * 3600 - 1)


@given(
    zone=some.sampled_from(ZONES),
    day=some.dates(date(2026, 1, 1), date(2026, 12, 31)),
    clock=some.times(),
    span=some.sampled_from(SPANS),
    working=some.booleans(),
    late=some.tuples(late, late),
)
def test_what_was_due_in_the_morning_before_is_told_in_time(
    zone: str, day: date, clock: time, span: str, working: bool, late: tuple[int, int]
) -> None:
    """Each day's alert comes once, and up to fifteen hours late."""
    calendar = Calendar(ZoneInfo(zone))
    release = datetime.combine(day, clock, calendar.zone).astimezone(UTC)
    told = False
    for each, seconds in zip((day - DAY, day), late, strict=True):
        morning = datetime.combine(each, MORNING, calendar.zone).astimezone(UTC)
        alert = morning + timedelta(seconds=seconds)
        until = told_until(calendar, alert, Span.parse(span), working)
        told = told or alert < release <= until
    assert told


@given(
    zone=some.sampled_from(ZONES),
    moment=some.datetimes(timezones=some.just(UTC)).map(lambda each: each.replace(year=2028)),
)
def test_a_morning_is_on_each_day_once(zone: str, moment: datetime) -> None:
    calendar = Calendar(ZoneInfo(zone))
    today, tomorrow = morning_of(calendar, moment), next_morning(calendar, moment)
    assert calendar.day_of(tomorrow) - calendar.day_of(today) == timedelta(days=1)
    assert today.timetz().replace(tzinfo=None) == time(8)
    assert calendar.day_of(today) == calendar.day_of(moment)
    assert tomorrow > moment
