from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.durations import Span
from models.rules.problems import problems_of
from models.rules.rules import CapacityRule, LevelRules, Rules

ANN, BEN = UUID(int=1), UUID(int=2)
SALES = UUID(int=9)


def span(text: str) -> Span:
    return Span.parse(text)


def paths(**rules: Any) -> list[str]:
    return [problem.path for problem in problems_of(Rules(**rules))]


def test_the_defaults_are_the_contracts() -> None:
    rules = Rules()
    assert problems_of(rules) == []
    assert [str(each) for each in rules.reminders] == ["P7D", "P3D"]
    assert rules.masked == {"PHONE", "EMAIL"}
    assert (rules.won_count, rules.deal_exempts, rules.working_days) == (True, True, False)
    assert (rules.capacity, rules.lock_limit, rules.levels) == (None, 0, ())


def test_nothing_stored_means_the_defaults() -> None:
    assert Rules.from_json({}) == Rules()


def test_what_a_later_version_stored_is_passed_over() -> None:
    assert Rules.from_json({"capacity": 3, "moon_phase": "full"}) == Rules(capacity=3)


def test_rules_are_stored_as_plain_json() -> None:
    rules = Rules(
        capacities=(CapacityRule(ANN, None, 5),),
        max_hold=span("PT36H"),
        levels=(LevelRules("A", deal_within=span("P1W")),),
    )
    stored = rules.to_json()
    assert stored["capacities"] == [{"member": str(ANN), "department": None, "capacity": 5}]
    assert stored["max_hold"] == "PT36H"
    assert stored["masked"] == ["EMAIL", "PHONE"]
    assert stored["levels"][0]["deal_within"] == "P1W"
    assert stored["levels"][0]["max_hold"] is None


spans = st.integers(1, 1000).map(lambda n: span(f"PT{n}M"))
maybe = st.none() | spans
every_rule = st.builds(
    Rules,
    capacity=st.none() | st.integers(0, 99),
    release_to=st.none() | st.just(ANN),
    escalate_before=maybe,
    capacities=st.lists(
        st.builds(CapacityRule, st.none() | st.uuids(), st.none() | st.uuids(), st.integers(0, 9))
    ).map(tuple),
    won_count=st.booleans(),
    daily_claim_limit=st.none() | st.integers(1, 99),
    new_customer_lock=maybe,
    reclaim_cooldown=maybe,
    first_follow_up_within=maybe,
    follow_up_within=maybe,
    deal_within=maybe,
    max_hold=maybe,
    deal_exempts=st.booleans(),
    won_for=maybe,
    deal_approval=st.booleans(),
    reminders=st.lists(spans).map(tuple),
    working_days=st.booleans(),
    grace=maybe,
    lock_limit=st.integers(0, 9),
    extension_limit=maybe,
    masked=st.frozensets(st.sampled_from(["PERSON", "PHONE", "EMAIL"])),
    levels=st.lists(st.builds(LevelRules, st.text(), maybe, maybe, maybe, maybe)).map(tuple),
)


@settings(deadline=None)
@given(every_rule)
def test_what_is_stored_is_read_back(rules: Rules) -> None:
    assert Rules.from_json(rules.to_json()) == rules


def test_a_members_own_capacity_goes_before_the_departments_and_the_pools() -> None:
    rules = Rules(
        capacity=10,
        capacities=(CapacityRule(None, SALES, 20), CapacityRule(ANN, None, 0)),
    )
    assert rules.capacity_for(ANN, (SALES,)) == 0
    assert rules.capacity_for(BEN, (SALES,)) == 20
    assert rules.capacity_for(BEN, ()) == 10
    assert Rules().capacity_for(BEN, (SALES,)) is None


def test_a_level_has_its_own_values_over_the_pools() -> None:
    rules = Rules(
        follow_up_within=span("P5D"),
        max_hold=span("P9D"),
        levels=(LevelRules("A", max_hold=span("P30D")),),
    )
    own = rules.for_level("A")
    assert (own.follow_up_within, own.max_hold) == (span("P5D"), span("P30D"))
    assert rules.for_level("B") == rules
    assert rules.for_level(None) == rules


SPANS = [
    ("new_customer_lock", "newCustomerLock"),
    ("reclaim_cooldown", "reclaimCooldown"),
    ("first_follow_up_within", "firstFollowUpWithin"),
    ("follow_up_within", "followUpWithin"),
    ("deal_within", "dealWithin"),
    ("max_hold", "maxHold"),
    ("won_for", "wonFor"),
    ("grace", "grace"),
    ("extension_limit", "extensionLimit"),
]


@pytest.mark.parametrize(("name", "path"), SPANS)
@pytest.mark.parametrize("zero", ["P0D", "PT0S", "P0W", "-P7D"])
def test_a_span_of_nothing_is_a_problem(name: str, path: str, zero: str) -> None:
    assert paths(**{name: span(zero)}, reminders=()) == [f"rules.{path}"]


def test_a_level_with_a_span_of_nothing_is_a_problem() -> None:
    assert paths(levels=(LevelRules("A"), LevelRules("B", max_hold=span("P0D")))) == [
        "rules.levels.1.maxHold"
    ]


def test_numbers_below_their_least_are_problems() -> None:
    assert paths(capacity=-1, daily_claim_limit=0, lock_limit=-1) == [
        "rules.capacity",
        "rules.dailyClaimLimit",
        "rules.lockLimit",
    ]
    assert paths(capacity=0, daily_claim_limit=1, lock_limit=0) == []


def test_another_capacity_names_one_member_or_one_department() -> None:
    capacities = (
        CapacityRule(ANN, None, 0),
        CapacityRule(None, None, 1),
        CapacityRule(BEN, SALES, 1),
        CapacityRule(None, SALES, -1),
    )
    assert paths(capacities=capacities) == [
        "rules.capacities.1",
        "rules.capacities.2",
        "rules.capacities.3.capacity",
    ]


def test_nobody_has_two_other_capacities() -> None:
    twice = (
        CapacityRule(ANN, None, 1),
        CapacityRule(None, SALES, 1),
        CapacityRule(ANN, None, 2),
        CapacityRule(None, SALES, 2),
    )
    assert paths(capacities=twice) == ["rules.capacities.2", "rules.capacities.3"]


def test_the_first_follow_up_is_not_due_beyond_the_maximum_hold() -> None:
    assert paths(first_follow_up_within=span("P10D"), max_hold=span("P9D")) == [
        "rules.firstFollowUpWithin"
    ]
    assert paths(first_follow_up_within=span("P10D"), max_hold=span("P10D")) == []


def test_nor_is_a_levels() -> None:
    levels = (
        LevelRules("A", first_follow_up_within=span("P30D")),
        LevelRules("B", max_hold=span("P5D")),
        LevelRules("C", max_hold=span("P50D")),
    )
    assert paths(first_follow_up_within=span("P10D"), max_hold=span("P20D"), levels=levels) == [
        "rules.levels.0.firstFollowUpWithin",
        "rules.levels.1.maxHold",
    ]


def test_a_reminder_longer_than_every_deadline_is_a_problem() -> None:
    offsets = (span("P6D"), span("P5D"), span("PT121H"))
    assert paths(reminders=offsets, max_hold=span("P5D"), follow_up_within=span("P2D")) == [
        "rules.reminders.0",
        "rules.reminders.2",
    ]
    assert paths(reminders=offsets, levels=(LevelRules("A", max_hold=span("P9D")),)) == []
    assert paths(reminders=offsets, max_hold=span("P5D"), won_for=span("P6D")) == []
    assert paths(reminders=offsets) == []


def test_the_default_reminders_bear_short_deadlines() -> None:
    assert paths(max_hold=span("PT5S")) == []


def test_the_same_reminder_twice_is_a_problem() -> None:
    assert paths(reminders=(span("P7D"), span("P3D"), span("P1W"))) == ["rules.reminders.2"]
    assert paths(reminders=(span("P1D"), span("PT24H"))) == ["rules.reminders.1"]
    assert paths(reminders=(span("P1D"), span("PT24H")), working_days=True) == []


def test_ten_reminders_are_enough() -> None:
    offsets = tuple(span(f"P{n}D") for n in range(1, 12))
    assert paths(reminders=offsets) == ["rules.reminders"]
    assert paths(reminders=offsets[:10]) == []


def test_a_reminder_of_nothing_is_a_problem() -> None:
    assert paths(reminders=(span("PT0S"),)) == ["rules.reminders.0"]


def test_a_level_is_named_once() -> None:
    levels = (LevelRules("A"), LevelRules(" "), LevelRules("A"), LevelRules("L" * 21))
    assert paths(levels=levels) == [
        "rules.levels.1.level",
        "rules.levels.3.level",
        "rules.levels.2.level",
    ]
    assert paths(levels=(LevelRules("L" * 20), LevelRules("B"))) == []
    blank = ["rules.levels.0.level", "rules.levels.1.level"]
    assert paths(levels=(LevelRules(" "), LevelRules(""))) == blank


def test_alerts_of_what_is_at_risk_come_a_day_before_or_earlier() -> None:
    for short in ("PT1S", "PT23H59M", "P0D", "-P1D"):
        assert paths(escalate_before=span(short)) == ["rules.escalateBefore"]
    assert paths(escalate_before=span("P1D")) == paths(escalate_before=span("PT24H")) == []
