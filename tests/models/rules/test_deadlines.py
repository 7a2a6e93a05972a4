import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.rules.calendars import Calendar
from models.rules.deadlines import (
    FIXED,
    Condition,
    Facts,
    Forecast,
    ReleaseReason,
    forecast,
    reminders,
)
from models.rules.durations import Span
from models.rules.rules import LevelRules, Rules

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "release.json").read_text())
ORDER = list(ReleaseReason)
SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"))
NEW_YORK = Calendar(ZoneInfo("America/New_York"))
CLAIMED = datetime(2026, 3, 1, 2, tzinfo=UTC)

UNHURRIED = settings(deadline=None)
SNAKE = {
    "firstFollowUpWithin": "first_follow_up_within",
    "followUpWithin": "follow_up_within",
    "dealWithin": "deal_within",
    "maxHold": "max_hold",
    "workingDays": "working_days",
    "dealExempts": "deal_exempts",
    "wonFor": "won_for",
    "absenceStopsClock": "absence_stops_clock",
}


def dates(texts: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def rules_of(case: dict[str, Any]) -> Rules:
    def renamed(each: dict[str, Any]) -> dict[str, Any]:
        return {SNAKE.get(key, key): value for key, value in each.items()}

    stored = renamed(case["rules"])
    stored["levels"] = [renamed(each) for each in stored.get("levels", [])]
    return Rules.from_json(stored)


def facts_of(case: dict[str, Any]) -> Facts:
    return Facts(
        claimed_at=datetime.fromisoformat(case["claimedAt"]),
        followed_up_at=max(map(datetime.fromisoformat, case.get("followUps", [])), default=None),
        won_at=instant(case.get("wonAt")),
        level=case.get("level"),
        locked=case.get("locked", False),
        extended_to=instant(case.get("extendedTo")),
    )


def told(found: Forecast | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "at": written(found.at),
        "reason": found.reason.value,
        "conditions": [{"reason": c.reason.value, "at": written(c.at)} for c in found.conditions],
    }


def written(moment: datetime) -> str:
    assert moment.tzinfo is UTC
    return moment.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_agreed_cases_hold(case: dict[str, Any]) -> None:
    calendar = Calendar(
        ZoneInfo(case["timeZone"]),
        dates(VECTORS["calendar"]["holidays"]),
        dates(VECTORS["calendar"]["workingWeekends"]),
    )
    assert told(forecast(rules_of(case), facts_of(case), calendar)) == case["expect"]


days = st.integers(0, 400).map(lambda n: Span.parse(f"P{n}D"))
seconds = st.integers(0, 10**7).map(lambda n: Span.parse(f"PT{n}S"))
mixed = st.tuples(st.integers(0, 400), st.integers(0, 10**6)).map(
    lambda parts: Span.parse(f"P{parts[0]}DT{parts[1]}S")
)
spans = days | seconds | mixed
maybe = st.none() | spans
moments = st.timedeltas(timedelta(-2000), timedelta(2000)).map(CLAIMED.__add__)
pools = st.builds(
    Rules,
    first_follow_up_within=maybe,
    follow_up_within=maybe,
    deal_within=maybe,
    max_hold=maybe,
    deal_exempts=st.booleans(),
    won_for=maybe,
    working_days=st.booleans(),
    levels=st.lists(
        st.builds(LevelRules, st.sampled_from("AB"), maybe, maybe, maybe, maybe),
        max_size=2,
        unique_by=lambda each: each.level,
    ).map(tuple),
)
calendars = st.sampled_from([SHANGHAI, NEW_YORK, Calendar(ZoneInfo("Asia/Kathmandu"))])


@st.composite
def holdings(draw: st.DrawFn) -> Facts:
    claimed = draw(moments)
    later = st.none() | st.timedeltas(timedelta(0), timedelta(days=300)).map(claimed.__add__)
    level = draw(st.sampled_from([None, "A", "B"]))
    return Facts(
        claimed,
        draw(later),
        draw(later),
        level,
        draw(st.booleans()),
        draw(later),
        level_by_owner=draw(st.booleans()),
        granted_level=draw(st.sampled_from([None, "A", "B"])),
    )


def at(found: Forecast | None) -> datetime:
    return found.at if found else datetime.max.replace(tzinfo=UTC)


def with_(facts: Facts, **changed: Any) -> Facts:
    return Facts(**{**facts._asdict(), **changed})


@UNHURRIED
@given(pools, holdings(), calendars)
def test_a_follow_up_never_shortens_a_hold(rules: Rules, facts: Facts, zone: Calendar) -> None:
    before = with_(facts, followed_up_at=None)
    assert at(forecast(rules, facts, zone)) >= at(forecast(rules, before, zone))


@UNHURRIED
@given(pools, holdings(), st.timedeltas(timedelta(0), timedelta(days=300)))
def test_nor_does_one_more_follow_up(rules: Rules, facts: Facts, later: timedelta) -> None:
    assume(facts.followed_up_at and not rules.working_days)
    assert facts.followed_up_at
    again = with_(facts, followed_up_at=facts.followed_up_at + later)
    assert at(forecast(rules, again, SHANGHAI)) >= at(forecast(rules, facts, SHANGHAI))


@UNHURRIED
@given(
    pools,
    st.sampled_from(
        ["first_follow_up_within", "follow_up_within", "deal_within", "max_hold", "won_for"]
    ),
    st.data(),
    holdings(),
    calendars,
)
def test_a_stricter_rule_never_releases_later(
    rules: Rules, name: str, data: st.DataObject, facts: Facts, zone: Calendar
) -> None:
    given_span = getattr(rules, name)
    # Setting the first follow-up's own rule where there was none can be a relief.
    assume(given_span or name != "first_follow_up_within")
    stricter = data.draw(spans if given_span is None else shorter(given_span))
    changed = Rules(**{**own(rules), name: stricter})
    assert at(forecast(changed, facts, zone)) <= at(forecast(rules, facts, zone))


def shorter(span: Span) -> st.SearchStrategy[Span]:
    elapsed = int(span.elapsed.total_seconds())
    parts = st.tuples(st.integers(0, span.days), st.integers(0, elapsed))
    return parts.map(lambda p: Span.parse(f"P{p[0]}DT{p[1]}S"))


def own(rules: Rules) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in Rules.__dataclass_fields__}


@UNHURRIED
@given(pools, holdings(), calendars)
def test_the_first_condition_is_the_release(rules: Rules, facts: Facts, zone: Calendar) -> None:
    found = forecast(rules, facts, zone)
    assume(found)
    assert found
    assert (found.at, found.reason) == (found.conditions[0].at, found.conditions[0].reason)
    keys = [(each.at, ORDER.index(each.reason)) for each in found.conditions]
    assert keys == sorted(keys)
    assert len({each.reason for each in found.conditions}) == len(found.conditions)


@UNHURRIED
@given(pools, holdings(), st.integers(-800, 800))
def test_whole_days_shift_the_answer_by_as_many(rules: Rules, facts: Facts, n: int) -> None:
    by = timedelta(weeks=n) if rules.working_days else timedelta(days=n)
    moved = {
        key: value + by for key, value in facts._asdict().items() if isinstance(value, datetime)
    }
    here, there = forecast(rules, facts, SHANGHAI), forecast(rules, with_(facts, **moved), SHANGHAI)
    assert (here is None) == (there is None)
    if here and there:
        assert [(c.reason, c.at + by) for c in here.conditions] == [
            (c.reason, c.at) for c in there.conditions
        ]


@UNHURRIED
@given(pools, holdings(), calendars)
def test_nothing_is_released_before_its_claim(rules: Rules, facts: Facts, zone: Calendar) -> None:
    assert at(forecast(rules, facts, zone)) >= facts.claimed_at


@UNHURRIED
@given(pools, holdings(), calendars)
def test_an_extension_moves_neither_the_maximum_hold_nor_the_end_of_a_contract(
    rules: Rules, facts: Facts, zone: Calendar
) -> None:
    def last(found: Forecast | None) -> list[Condition]:
        every = found.conditions if found else ()
        return [each for each in every if each.reason in FIXED]

    plain = with_(facts, extended_to=None)
    assert last(forecast(rules, facts, zone)) == last(forecast(rules, plain, zone))


@UNHURRIED
@given(pools, holdings(), calendars)
def test_a_level_by_the_owner_releases_no_later_than_the_rules_without_it(
    rules: Rules, facts: Facts, zone: Calendar
) -> None:
    """Nor later than the level that was granted; sooner, where the owner wrote a stricter one."""
    owners = with_(facts, level_by_owner=True)
    limits = [
        forecast(rules, with_(facts, level_by_owner=False, level=level), zone)
        for level in (None, facts.level, facts.granted_level)
    ]
    assert at(forecast(rules, owners, zone)) == min(map(at, limits))


@UNHURRIED
@given(pools, holdings(), calendars)
def test_the_levels_of_the_owner_are_named_where_they_would_move_a_date(
    rules: Rules, facts: Facts, zone: Calendar
) -> None:
    found = forecast(rules, facts, zone)
    full = forecast(rules, with_(facts, level_by_owner=False), zone)
    by_level = {each.reason: each.at for each in full.conditions} if full else {}
    for each in found.conditions if found else ():
        assert each.level_ignored == (each.at != by_level.get(each.reason))


def test_a_tie_goes_by_the_order_of_the_reasons() -> None:
    ten = Span.parse("P10D")
    found = forecast(
        Rules(follow_up_within=ten, deal_within=ten, max_hold=ten), Facts(CLAIMED), SHANGHAI
    )
    assert found
    assert [each.reason for each in found.conditions] == ["NOT_FOLLOWED_UP", "NO_DEAL", "MAX_HOLD"]
    assert {each.at for each in found.conditions} == {CLAIMED + timedelta(days=10)}


def test_a_tie_goes_by_it_too_where_only_the_granted_level_has_the_first_reason() -> None:
    ten = Span.parse("P10D")
    rules = Rules(max_hold=ten, levels=(LevelRules("A", deal_within=ten),))
    facts = Facts(CLAIMED, level="B", level_by_owner=True, granted_level="A")
    found = forecast(rules, facts, SHANGHAI)
    assert found
    assert [each.reason for each in found.conditions] == ["NO_DEAL", "MAX_HOLD"]


def test_a_deal_that_does_not_exempt_leaves_the_other_rules() -> None:
    rules = Rules(
        follow_up_within=Span.parse("P5D"),
        deal_within=Span.parse("P3D"),
        max_hold=Span.parse("P9D"),
        deal_exempts=False,
    )
    found = forecast(rules, Facts(CLAIMED, won_at=CLAIMED + timedelta(days=1)), SHANGHAI)
    assert found
    assert [each.reason for each in found.conditions] == ["NOT_FOLLOWED_UP", "MAX_HOLD"]


@pytest.mark.parametrize(
    ("exempts", "expected"),
    [
        (True, [("CONTRACT_ENDED", 11)]),
        (False, [("NOT_FOLLOWED_UP", 5), ("MAX_HOLD", 9), ("CONTRACT_ENDED", 11)]),
    ],
)
def test_a_contract_ends_so_long_after_the_deal_also_where_deals_exempt(
    exempts: bool, expected: list[tuple[str, int]]
) -> None:
    rules = Rules(
        follow_up_within=Span.parse("P5D"),
        deal_within=Span.parse("P3D"),
        max_hold=Span.parse("P9D"),
        deal_exempts=exempts,
        won_for=Span.parse("P10D"),
    )
    signed = Facts(CLAIMED, won_at=CLAIMED + timedelta(days=1))
    found = forecast(rules, signed, SHANGHAI)
    assert found
    days = [(each.reason.value, (each.at - CLAIMED).days) for each in found.conditions]
    assert days == expected
    unsigned = forecast(rules, Facts(CLAIMED), SHANGHAI)
    assert unsigned
    assert [each.reason for each in unsigned.conditions] == [
        "NO_DEAL",
        "NOT_FOLLOWED_UP",
        "MAX_HOLD",
    ]


def test_a_level_replaces_values_one_by_one() -> None:
    rules = Rules(
        follow_up_within=Span.parse("P5D"),
        max_hold=Span.parse("P9D"),
        levels=(LevelRules("A", max_hold=Span.parse("P30D")),),
    )
    found = forecast(rules, Facts(CLAIMED, level="A"), SHANGHAI)
    assert found
    assert [each.at - CLAIMED for each in found.conditions] == [timedelta(5), timedelta(30)]
    assert forecast(rules, Facts(CLAIMED, level="Z"), SHANGHAI) == forecast(
        rules, Facts(CLAIMED), SHANGHAI
    )


def test_what_counts_working_days_of_an_unpublished_year_is_provisional() -> None:
    until_2026 = Calendar(ZoneInfo("Asia/Shanghai"), published_until=2026)
    everywhere = Calendar(ZoneInfo("Asia/Shanghai"))

    def provisional(max_hold: str, calendar: Calendar, **more: Any) -> bool:
        rules = Rules.from_json({"max_hold": max_hold, "deal_within": "P900D"} | more)
        found = forecast(rules, Facts(CLAIMED), calendar)
        assert found
        return found.provisional

    assert provisional("P300D", until_2026, working_days=True)
    assert not provisional("P300D", everywhere, working_days=True)
    assert not provisional("P100D", until_2026, working_days=True)
    assert not provisional("P400D", until_2026)


def test_reminders_come_soonest_first() -> None:
    rules = Rules(reminders=(Span.parse("PT3S"), Span.parse("P7D"), Span.parse("P3D")))
    due = reminders(rules, CLAIMED, SHANGHAI)
    assert [str(span) for span, _ in due] == ["P7D", "P3D", "PT3S"]
    assert [CLAIMED - moment for _, moment in due] == [
        timedelta(7),
        timedelta(3),
        timedelta(seconds=3),
    ]


def test_reminders_count_working_days_where_the_rules_do() -> None:
    monday = datetime(2026, 8, 10, 2, tzinfo=UTC)
    rules = Rules(reminders=(Span.parse("P1D"),), working_days=True)
    assert [moment for _, moment in reminders(rules, monday, SHANGHAI)] == [
        datetime(2026, 8, 7, 2, tzinfo=UTC)
    ]


def test_a_hundred_thousand_forecasts_take_less_than_five_seconds() -> None:
    rules = Rules(
        first_follow_up_within=Span.parse("P10D"),
        follow_up_within=Span.parse("P3D"),
        deal_within=Span.parse("P15DT6H"),
        max_hold=Span.parse("P20D"),
        levels=(LevelRules("A", max_hold=Span.parse("P30D")),),
    )
    started = process_time()
    for n in range(100_000):
        claimed = CLAIMED + timedelta(seconds=n)
        facts = Facts(claimed, claimed + timedelta(days=2), level="A")
        assert forecast(rules, facts, SHANGHAI)
    assert process_time() - started < 5
