"""When a holding is released and its owner reminded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.rules import deadlines
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.rules import Rules

# What stands for an offset where the owner is told that rules brought a deadline nearer. Behind it
# are the rules' version and the deadline that they know, as long as they have not heard: none
# where there was none.
NEARER = "nearer"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a holding is released and its owner reminded, ready for the row."""

    release_at: datetime | None
    release_reason: str | None
    remind_at: tuple[datetime, ...]
    remind_offsets: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "release_at": self.release_at and self.release_at.isoformat(),
            "release_reason": self.release_reason,
            "remind_at": [at.isoformat() for at in self.remind_at],
            "remind_offsets": list(self.remind_offsets),
        }


def schedule(
    rules: Rules,
    facts: Facts,
    calendar: Calendar,
    now: datetime,
    *,
    before: datetime | None = None,
    by_another: bool = False,
    newer_rules: int | None = None,
) -> Schedule:
    """The clock as it stands from now on.

    Reminders already past are dropped after the owner's own act, and collapse into one at once
    where somebody else moved the deadline (DESIGN, "When a customer is released"). Where newer
    rules made it nearer than `before`, that is told at once, and once for these rules.
    """
    forecast = deadlines.forecast(rules, facts, calendar)
    if forecast is None:
        return Schedule(None, None, (), ())
    planned = deadlines.reminders(rules, forecast.at, calendar)
    pending = [(at, span.text) for span, at in planned if at > now]
    past = [span.text for span, at in planned if at <= now]
    nearer = newer_rules and (before is None or forecast.at < before)
    if by_another and (past or nearer) and before != forecast.at and forecast.at > now:
        pending.insert(0, (now, _nearer(newer_rules, before) if nearer else past[-1]))
    return Schedule(
        forecast.at,
        str(forecast.reason),
        tuple(at for at, _ in pending),
        tuple(text for _, text in pending),
    )


def _nearer(version: int | None, known: datetime | None) -> str:
    return f"{NEARER} {version} {known.isoformat() if known else ''}".strip()
