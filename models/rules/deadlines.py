"""When a customer is released, and why. No other module computes that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.rules.absences import Absence, Absences
from models.rules.calendars import Calendar
from models.rules.durations import Span
from models.rules.rules import Rules


class ReleaseReason(StrEnum):
    NOT_FOLLOWED_UP = "NOT_FOLLOWED_UP"
    NO_DEAL = "NO_DEAL"
    MAX_HOLD = "MAX_HOLD"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    GIVEN_BACK = "GIVEN_BACK"
    TRANSFERRED = "TRANSFERRED"
    MEMBER_LEFT = "MEMBER_LEFT"
    MERGED = "MERGED"
    ERASED = "ERASED"


ORDER = {reason: n for n, reason in enumerate(ReleaseReason)}
# An extension moves neither.
FIXED = (ReleaseReason.MAX_HOLD, ReleaseReason.CONTRACT_ENDED)
BY_RULE = (ReleaseReason.NOT_FOLLOWED_UP, ReleaseReason.NO_DEAL, *FIXED)


@dataclass(frozen=True)
class Facts:
    claimed_at: datetime
    followed_up_at: datetime | None = None
    won_at: datetime | None = None
    level: str | None = None
    locked: bool = False
    extended_to: datetime | None = None
    # The end of the grace, where the customer was held when the rules or the calendar changed.
    not_before: datetime | None = None
    # The owner wrote the level: it moves no release later. `granted_level` counted in full before.
    level_by_owner: bool = False
    granted_level: str | None = None
    # Of the owner, in order.
    absences: Absences = ()


@dataclass(frozen=True)
class Condition:
    """`level_ignored`: the level, which the owner wrote, would have put it later.

    `stood_still` is the last absence of the owner for which it is later than without.
    """

    reason: ReleaseReason
    at: datetime
    level_ignored: bool = False
    stood_still: Absence | None = None


@dataclass(frozen=True)
class Forecast:
    at: datetime
    reason: ReleaseReason
    conditions: tuple[Condition, ...]
    # Counts working days of a year whose public holidays are not published yet.
    provisional: bool = False


def forecast(rules: Rules, facts: Facts, calendar: Calendar) -> Forecast | None:
    """Return the release and each condition for it; None where nothing releases the customer."""
    if facts.locked:
        return None
    graced = (_graced(each, facts) for each in _by_level(rules, facts, calendar))
    # At the same moment the order of the reasons decides.
    conditions = tuple(sorted(graced, key=lambda each: (each.at, ORDER[each.reason])))
    if not conditions:
        return None
    first = conditions[0]
    provisional = rules.working_days and not calendar.is_published(calendar.day_of(first.at).year)
    return Forecast(first.at, first.reason, conditions, provisional)


def clock_of(rules: Rules, absences: Absences, calendar: Calendar) -> Calendar:
    """Return the calendar by which an owner's time passes: by a rule not while they are absent."""
    return calendar.standing_still(absences) if rules.absence_stops_clock else calendar


def extendable(rules: Rules, facts: Facts, calendar: Calendar) -> datetime | None:
    """Return the deadline that an extension moves: neither maximum hold nor contract end."""
    found = forecast(rules, facts, calendar)
    for condition in found.conditions if found else ():
        if condition.reason not in FIXED:
            return condition.at
    return None


def reminders(
    rules: Rules, release_at: datetime, calendar: Calendar
) -> tuple[tuple[Span, datetime], ...]:
    """Return every reminder with its moment, the earliest first, also those in the past."""
    working = rules.working_days
    due = [(span, calendar.before(release_at, span, working)) for span in rules.reminders]
    return tuple(sorted(due, key=lambda each: each[1]))


def _by_level(rules: Rules, facts: Facts, calendar: Calendar) -> Iterable[Condition]:
    """The conditions by the level; the earliest of each reason where the owner wrote the level."""
    written = _conditions(rules.for_level(facts.level), facts, calendar)
    if not facts.level_by_owner:
        return written
    by_reason = {each.reason: each for each in written}
    for level in (None, facts.granted_level):
        for each in _conditions(rules.for_level(level), facts, calendar):
            if each.reason not in by_reason or each.at < by_reason[each.reason].at:
                by_reason[each.reason] = replace(each, level_ignored=True)
    return by_reason.values()


def _conditions(rules: Rules, facts: Facts, calendar: Calendar) -> Iterator[Condition]:
    if not (facts.won_at and rules.deal_exempts):
        yield from _of_the_hold(rules, facts, calendar)
    if facts.won_at and rules.won_for:
        ends = calendar.after(facts.won_at, rules.won_for, rules.working_days)
        yield Condition(ReleaseReason.CONTRACT_ENDED, ends)


def _of_the_hold(rules: Rules, facts: Facts, calendar: Calendar) -> Iterator[Condition]:
    """What the owner must do has the owner's clock. The longest hold is whatever happens."""
    clock = clock_of(rules, facts.absences, calendar)
    follow_up = _follow_up_due(rules, facts, clock)
    if follow_up:
        since = facts.followed_up_at or facts.claimed_at
        yield _of_the_owner(ReleaseReason.NOT_FOLLOWED_UP, since, follow_up, facts, clock)
    if rules.deal_within and not facts.won_at:
        deal = clock.after(facts.claimed_at, rules.deal_within, rules.working_days)
        yield _of_the_owner(ReleaseReason.NO_DEAL, facts.claimed_at, deal, facts, clock)
    if rules.max_hold:
        last = calendar.after(facts.claimed_at, rules.max_hold, rules.working_days)
        yield Condition(ReleaseReason.MAX_HOLD, last)


def _of_the_owner(
    reason: ReleaseReason, since: datetime, due: datetime, facts: Facts, clock: Calendar
) -> Condition:
    return Condition(reason, _extended(due, facts), stood_still=_last_absence(since, due, clock))


def _last_absence(since: datetime, due: datetime, clock: Calendar) -> Absence | None:
    if not clock.still:
        return None
    counted = Absence(clock.day_of(since), clock.day_of(due))
    return next((each for each in reversed(clock.still) if each.overlaps(counted)), None)


def _graced(condition: Condition, facts: Facts) -> Condition:
    if facts.not_before is None or condition.at >= facts.not_before:
        return condition
    return replace(condition, at=facts.not_before)


def _follow_up_due(rules: Rules, facts: Facts, calendar: Calendar) -> datetime | None:
    first = rules.first_follow_up_within or rules.follow_up_within
    if not first or (facts.followed_up_at and not rules.follow_up_within):
        return None
    due = calendar.after(facts.claimed_at, first, rules.working_days)
    if not (facts.followed_up_at and rules.follow_up_within):
        return due
    renewed = calendar.after(facts.followed_up_at, rules.follow_up_within, rules.working_days)
    return max(due, renewed)


def _extended(due: datetime, facts: Facts) -> datetime:
    return max(due, facts.extended_to) if facts.extended_to else due
