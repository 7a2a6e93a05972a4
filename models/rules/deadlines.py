"""When a customer is released, and why. No other module computes that."""

from datetime import datetime
from enum import StrEnum
from operator import attrgetter, itemgetter
from typing import NamedTuple

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


# An extension moves neither.
FIXED = (ReleaseReason.MAX_HOLD, ReleaseReason.CONTRACT_ENDED)
BY_RULE = (ReleaseReason.NOT_FOLLOWED_UP, ReleaseReason.NO_DEAL, *FIXED)
SOONEST = attrgetter("at")


# A named tuple is made in half the time of a frozen dataclass, and each row of a page makes some.
class Facts(NamedTuple):
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


class Condition(NamedTuple):
    """`level_ignored`: the level, which the owner wrote, would have put it later.

    `stood_still` is the last absence of the owner for which it is later than without.
    """

    reason: ReleaseReason
    at: datetime
    level_ignored: bool = False
    stood_still: Absence | None = None


class Forecast(NamedTuple):
    at: datetime
    reason: ReleaseReason
    conditions: tuple[Condition, ...]
    # Counts working days of a year whose public holidays are not published yet.
    provisional: bool = False


def forecast(rules: Rules, facts: Facts, calendar: Calendar) -> Forecast | None:
    """Return the release and each condition for it; None where nothing releases the customer."""
    if facts.locked:
        return None
    conditions = _conditions(rules.for_level(facts.level), facts, calendar)
    if facts.level_by_owner:
        conditions = _limited(conditions, rules, facts, calendar)
    if grace := facts.not_before:
        conditions = [c if c.at >= grace else c._replace(at=grace) for c in conditions]
    if not conditions:
        return None
    # At the same moment the order of the reasons decides, in which they are.
    conditions.sort(key=SOONEST)
    first = conditions[0]
    provisional = rules.working_days and not calendar.is_published(calendar.day_of(first.at).year)
    return Forecast(first.at, first.reason, tuple(conditions), provisional)


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
    return tuple(sorted(due, key=itemgetter(1)))


def _conditions(rules: Rules, facts: Facts, calendar: Calendar) -> list[Condition]:
    """In the order of the reasons.

    What the owner must do has the owner's clock. The longest hold is whatever happens.
    """
    found: list[Condition] = []
    claimed_at, won_at, working = facts.claimed_at, facts.won_at, rules.working_days
    if not (won_at and rules.deal_exempts):
        clock = clock_of(rules, facts.absences, calendar)
        if follow_up := _follow_up_due(rules, facts, clock):
            since = facts.followed_up_at or claimed_at
            reason = ReleaseReason.NOT_FOLLOWED_UP
            found.append(_of_the_owner(reason, since, follow_up, facts, clock))
        if rules.deal_within and not won_at:
            deal = clock.after(claimed_at, rules.deal_within, working)
            found.append(_of_the_owner(ReleaseReason.NO_DEAL, claimed_at, deal, facts, clock))
        if rules.max_hold:
            last = calendar.after(claimed_at, rules.max_hold, working)
            found.append(Condition(ReleaseReason.MAX_HOLD, last))
    if won_at and rules.won_for:
        ends = calendar.after(won_at, rules.won_for, working)
        found.append(Condition(ReleaseReason.CONTRACT_ENDED, ends))
    return found


def _follow_up_due(rules: Rules, facts: Facts, clock: Calendar) -> datetime | None:
    renewal, followed_up_at = rules.follow_up_within, facts.followed_up_at
    first = rules.first_follow_up_within or renewal
    if not first or (followed_up_at and not renewal):
        return None
    due = clock.after(facts.claimed_at, first, rules.working_days)
    if not (followed_up_at and renewal):
        return due
    return max(due, clock.after(followed_up_at, renewal, rules.working_days))


def _of_the_owner(
    reason: ReleaseReason, since: datetime, due: datetime, facts: Facts, clock: Calendar
) -> Condition:
    at = max(due, facts.extended_to) if facts.extended_to else due
    stood_still = _last_absence(since, due, clock) if clock.still else None
    return Condition(reason, at, stood_still=stood_still)


def _last_absence(since: datetime, due: datetime, clock: Calendar) -> Absence | None:
    counted = Absence(clock.day_of(since), clock.day_of(due))
    return next((each for each in reversed(clock.still) if each.overlaps(counted)), None)


def _limited(
    written: list[Condition], rules: Rules, facts: Facts, calendar: Calendar
) -> list[Condition]:
    """The earliest of each reason by the level that the owner wrote, the granted one and none."""
    by_reason = {each.reason: each for each in written}
    for level in dict.fromkeys((None, facts.granted_level)):
        for each in _conditions(rules.for_level(level), facts, calendar):
            if each.reason not in by_reason or each.at < by_reason[each.reason].at:
                by_reason[each.reason] = each._replace(level_ignored=True)
    return [by_reason[reason] for reason in BY_RULE if reason in by_reason]
