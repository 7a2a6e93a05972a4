"""ISO 8601 durations: whole days, which are local, and elapsed time, which is not."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from models.texts.text import Text

LONGEST = timedelta(days=36500)
NOTHING = timedelta(0)
DAY = timedelta(days=1)
RIGHT = Text(
    "must be an ISO 8601 duration of weeks, days, hours, minutes, seconds, e.g. P7D or PT36H"
)
TOO_LONG = Text("must be no longer than P36500D")
NUMBER = "-?([0-9]{1,12})"
PATTERN = re.compile(
    rf"-?P(?=[-0-9T])(?:{NUMBER}W)?(?:{NUMBER}D)?"
    rf"(?:T(?=[-0-9])(?:{NUMBER}H)?(?:{NUMBER}M)?(?:{NUMBER}(?:\.([0-9]{{1,6}}))?S)?)?"
)


@dataclass(frozen=True)
class Span:
    days: int
    elapsed: timedelta
    text: str = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError, whose message says what would be right.

        A minus anywhere makes it negative. The caller refuses that, with the name of the field.
        """
        match = PATTERN.fullmatch(text)
        if not match:
            raise ValueError(RIGHT)
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[:5])
        micros = int((match[6] or "").ljust(6, "0"))
        whole = weeks * 7 + days
        rest = (hours * 60 + minutes) * 60 + seconds
        if whole * 86400 + rest > LONGEST.total_seconds():
            raise ValueError(TOO_LONG)
        sign = -1 if "-" in text else 1
        return cls._within(sign * whole, sign * timedelta(seconds=rest, microseconds=micros), text)

    @classmethod
    def of(cls, length: timedelta) -> Self:
        if length < NOTHING:
            raise ValueError("must not be negative")
        if length and not length % DAY:
            return cls._within(length.days, NOTHING, f"P{length.days}D")
        return cls._within(0, length, _elapsed_text(length))

    @classmethod
    def _within(cls, days: int, elapsed: timedelta, text: str) -> Self:
        span = cls(days, elapsed, text)
        if span.length > LONGEST:
            raise ValueError(TOO_LONG)
        return span

    @property
    def length(self) -> timedelta:
        """The length with days of 24 hours, to compare spans by."""
        return timedelta(days=self.days) + self.elapsed

    def __str__(self) -> str:
        return self.text


def _elapsed_text(length: timedelta) -> str:
    minutes, seconds = divmod(length.days * 86400 + length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""]
    if seconds or fraction or not (hours or minutes):
        parts.append(f"{seconds}{fraction}S")
    return "PT" + "".join(parts)
