"""Ordinary noes. Each is raised or returned as a value, and says itself in words."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID


@dataclass(frozen=True)
class Problem:
    path: str
    message: str


@dataclass(frozen=True)
class Duplicate:
    matched_on: tuple[str, ...]
    standing: str
    customer_id: UUID | None = None


# Not frozen: contextlib sets __traceback__ on whatever is raised through it.
@dataclass(unsafe_hash=True)
class Refusal(Exception):
    @property
    def message(self) -> str:
        return "Refused."

    def __str__(self) -> str:
        return self.message


@dataclass(unsafe_hash=True)
class AlreadyHeld(Refusal):
    @property
    def message(self) -> str:
        return "This customer already has an owner."


@dataclass(unsafe_hash=True)
class CapacityReached(Refusal):
    held: int
    capacity: int

    @property
    def message(self) -> str:
        return f"The private pool is full: {self.held} held, {self.capacity} allowed."


@dataclass(unsafe_hash=True)
class DailyLimitReached(Refusal):
    limit: int
    resets_at: datetime

    @property
    def message(self) -> str:
        return f"No more than {self.limit} claims a day; the next from {_instant(self.resets_at)}."


@dataclass(unsafe_hash=True)
class CoolingDown(Refusal):
    until: datetime

    @property
    def message(self) -> str:
        return f"You held this customer lately; claim it again from {_instant(self.until)}."


@dataclass(unsafe_hash=True)
class NotYetOpen(Refusal):
    opens_at: datetime

    @property
    def message(self) -> str:
        return f"This customer is new to the pool and opens at {_instant(self.opens_at)}."


@dataclass(unsafe_hash=True)
class NotHolder(Refusal):
    @property
    def message(self) -> str:
        return "Only the owner of this customer may do that."


@dataclass(unsafe_hash=True)
class LockLimitReached(Refusal):
    limit: int

    @property
    def message(self) -> str:
        return f"No more than {self.limit} customers may be locked at a time."


@dataclass(unsafe_hash=True)
class DuplicateFound(Refusal):
    duplicates: tuple[Duplicate, ...]

    @property
    def message(self) -> str:
        keys = dict.fromkeys(key for each in self.duplicates for key in each.matched_on)
        words = ", ".join(key.replace("_", " ").lower() for key in keys)
        return f"This customer is already registered: the same {words}."


@dataclass(unsafe_hash=True)
class Forbidden(Refusal):
    why: str = "You may not do that."

    @property
    def message(self) -> str:
        return self.why


@dataclass(unsafe_hash=True)
class NotFound(Refusal):
    @property
    def message(self) -> str:
        return "There is nothing by this id that you may see."


@dataclass(unsafe_hash=True)
class InvalidInput(Refusal):
    problems: tuple[Problem, ...]
    unlisted: int = 0

    @property
    def message(self) -> str:
        if self.unlisted:
            listed = f"the first {len(self.problems):,} are listed, {self.unlisted:,} more are not"
            return f"{len(self.problems) + self.unlisted:,} values are wrong: {listed}."
        if len(self.problems) == 1:
            return f"{self.problems[0].path}: {self.problems[0].message}"
        return f"{len(self.problems):,} values are wrong."


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
