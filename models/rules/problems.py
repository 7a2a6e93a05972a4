"""What is wrong with a pool's rules."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import chain
from typing import Any

from models.refusals import Problem
from models.rules.distribution import distribution_problems
from models.rules.durations import DAY, NOTHING, Span
from models.rules.rules import DEADLINES, SPANS, CapacityRule, LevelRules, Rules
from models.texts.text import Text
from models.texts.visible import visible

MOST_REMINDERS = 10
LONGEST_LEVEL = 20


def problems_of(rules: Rules) -> list[Problem]:
    """Return every problem, with the path to the value that it is about."""
    checks = (
        _numbers,
        _capacities,
        _spans,
        _escalation,
        _first_follow_up,
        _reminders,
        _levels,
        _dealing,
    )
    return list(chain.from_iterable(check(rules) for check in checks))


def _numbers(rules: Rules) -> Iterator[Problem]:
    if rules.capacity is not None and rules.capacity < 0:
        yield Problem("rules.capacity", "must be 0 or more; leave it out for no limit")
    if rules.daily_claim_limit is not None and rules.daily_claim_limit < 1:
        yield Problem("rules.dailyClaimLimit", "must be 1 or more; leave it out for no limit")
    if rules.lock_limit < 0:
        yield Problem("rules.lockLimit", "must be 0 or more")


def _capacities(rules: Rules) -> Iterator[Problem]:
    for index, each in enumerate(rules.capacities):
        path = f"rules.capacities.{index}"
        if (each.member is None) == (each.department is None):
            yield Problem(path, "must name exactly one of memberId and departmentId")
        if each.capacity < 0:
            yield Problem(f"{path}.capacity", "must be 0 or more")
    for index in _repeated(rules.capacities, _whose):
        yield Problem(f"rules.capacities.{index}", "duplicates an earlier entry")


def _whose(rule: CapacityRule) -> Hashable:
    return (rule.member, rule.department) if rule.member or rule.department else None


def _spans(rules: Rules) -> Iterator[Problem]:
    yield from _not_positive(rules, SPANS, "rules")
    for index, level in enumerate(rules.levels):
        yield from _not_positive(level, DEADLINES, f"rules.levels.{index}")


def _not_positive(holder: Any, names: Iterable[str], path: str) -> Iterator[Problem]:
    for name in names:
        span: Span | None = getattr(holder, name)
        if span and span.length <= NOTHING:
            yield Problem(f"{path}.{_camel(name)}", "must be longer than zero, or left out")


def _escalation(rules: Rules) -> Iterator[Problem]:
    span = rules.escalate_before
    if span and NOTHING < span.length < DAY:
        yield Problem("rules.escalateBefore", "must be P1D or longer: alerts come once a day")


def _first_follow_up(rules: Rules) -> Iterator[Problem]:
    too_late = "must be no longer than maxHold"
    if _beyond_hold(rules):
        yield Problem("rules.firstFollowUpWithin", too_late)
    for index, level in enumerate(rules.levels):
        path = f"rules.levels.{index}"
        if not _beyond_hold(rules.with_level(level)):
            continue
        if level.first_follow_up_within:
            yield Problem(f"{path}.firstFollowUpWithin", too_late)
        elif level.max_hold:
            yield Problem(f"{path}.maxHold", "must be no shorter than firstFollowUpWithin")


def _beyond_hold(rules: Rules) -> bool:
    first, hold = rules.first_follow_up_within, rules.max_hold
    return bool(first and hold and first.length > hold.length)


def _reminders(rules: Rules) -> Iterator[Problem]:
    if len(rules.reminders) > MOST_REMINDERS:
        yield Problem("rules.reminders", Text("must be no more than {most}", most=MOST_REMINDERS))
    for index, span in enumerate(rules.reminders):
        if span.length <= NOTHING:
            yield Problem(f"rules.reminders.{index}", "must be longer than zero")
        elif _never_comes(span, rules):
            yield Problem(
                f"rules.reminders.{index}", "is longer than every deadline of these rules"
            )
    for index in _repeated(rules.reminders, lambda span: _offset(span, rules)):
        yield Problem(f"rules.reminders.{index}", "duplicates an earlier reminder")


def _never_comes(reminder: Span, rules: Rules) -> bool:
    # Nobody typed the default ones: under short deadlines they are simply not sent.
    if rules.reminders == type(rules).reminders:
        return False
    deadlines = _deadlines(rules)
    return bool(deadlines) and reminder.length > max(each.length for each in deadlines)


def _deadlines(rules: Rules) -> list[Span]:
    named = (getattr(each, name) for each in (rules, *rules.levels) for name in DEADLINES)
    return [span for span in (*named, rules.won_for) if span]


def _offset(reminder: Span, rules: Rules) -> Hashable:
    return reminder if rules.working_days else reminder.length


def _levels(rules: Rules) -> Iterator[Problem]:
    for index, each in enumerate(rules.levels):
        path = f"rules.levels.{index}.level"
        if not visible(each.level).strip():
            yield Problem(path, "is required")
        elif len(each.level) > LONGEST_LEVEL:
            yield Problem(
                path, Text("must be no longer than {most} characters", most=LONGEST_LEVEL)
            )
    for index in _repeated(rules.levels, _level_name):
        yield Problem(f"rules.levels.{index}.level", "level is listed twice")


def _dealing(rules: Rules) -> Iterator[Problem]:
    if rules.distribution:
        yield from distribution_problems(rules.distribution)


def _level_name(level: LevelRules) -> Hashable:
    return level.level.strip() or None


def _repeated(items: Iterable[Any], key: Callable[[Any], Hashable]) -> Iterator[int]:
    """Yield the index of each item whose key an earlier one has; None is no key."""
    seen: set[Hashable] = set()
    for index, found in enumerate(map(key, items)):
        if found in seen and found is not None:
            yield index
        seen.add(found)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
