"""When a holding is released and its owner reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.rules import deadlines
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.durations import Span
from models.rules.rules import Rules

# In place of an offset: a rule change moved the release earlier. Always the first reminder.
NEARER = "nearer"
Reminders = Sequence[tuple[Span, datetime]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The release and the reminders of a held customer, as its row stores them.

    Where the first offset is NEARER, the owner is not told yet: `unannounced_rules_version` names
    the rules that moved the release, `announced_release_at` the release that the owner knows,
    which is None if they know none. Otherwise both are None.
    """

    release_at: datetime | None = None
    release_reason: str | None = None
    remind_at: tuple[datetime, ...] = ()
    remind_offsets: tuple[str, ...] = ()
    unannounced_rules_version: int | None = None
    announced_release_at: datetime | None = None

    def untold(self, planned: Reminders, now: datetime) -> list[tuple[datetime, str]]:
        """Return the reminders of which nobody was told and that are due at `now`.

        Also the last one still to come here that `planned` has in the past.
        """
        reminders = list(zip(self.remind_at, self.remind_offsets, strict=True))
        coming = {text for at, text in reminders if at > now}
        past = [span.text for span, at in planned if at <= now and span.text in coming]
        due = [(at, text) for at, text in reminders if at <= now]
        return due + [(now, text) for text in past[-1:]]

    def columns(self) -> dict[str, Any]:
        """Return what a new owner's customer has of it."""
        return {
            "release_at": self.release_at,
            "release_reason": self.release_reason,
            "remind_at": self.remind_at,
            "remind_offsets": self.remind_offsets,
        }

    def to_json(self) -> dict[str, Any]:
        return {
            "release_at": _text(self.release_at),
            "release_reason": self.release_reason,
            "remind_at": [at.isoformat() for at in self.remind_at],
            "remind_offsets": list(self.remind_offsets),
            "unannounced_rules_version": self.unannounced_rules_version,
            "announced_release_at": _text(self.announced_release_at),
        }


def schedule(
    rules: Rules,
    facts: Facts,
    calendar: Calendar,
    now: datetime,
    *,
    before: Schedule | None = None,
    announced: datetime | None = None,
    newer_rules: int | None = None,
    by_another: bool = False,
) -> Schedule:
    """Return the schedule from `now` on.

    `before` is the schedule that this one replaces: if the release stays, its reminders that are
    due but untold stay too, and one that days off have moved into the past is due now. `announced`
    is the release that the owner knows; `newer_rules` the version in force, if the rules have
    changed since they were told. Other reminders already past are dropped after the owner's own
    act. If somebody else moved the release, one reminder tells the owner now.
    """
    release = deadlines.forecast(rules, facts, calendar)
    if release is None:
        return Schedule()
    clock = deadlines.clock_of(rules, facts.absences, calendar)
    planned = deadlines.reminders(rules, release.at, clock)
    due: list[tuple[datetime, str]] = []
    if before is not None and before.release_at == release.at:
        due = before.untold(planned, now)
    elif by_another and release.at > now and (before is not None or announced != release.at):
        nearer = newer_rules is not None and (announced is None or release.at < announced)
        missed = [span.text for span, at in planned if at <= now][-1:]
        due = [(now, text) for text in ([NEARER] if nearer else missed)]
    pending = due + [(at, span.text) for span, at in planned if at > now]
    untold = bool(due) and due[0][1] == NEARER
    return Schedule(
        release_at=release.at,
        release_reason=str(release.reason),
        remind_at=tuple(at for at, _ in pending),
        remind_offsets=tuple(text for _, text in pending),
        unannounced_rules_version=newer_rules if untold else None,
        announced_release_at=announced if untold else None,
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
