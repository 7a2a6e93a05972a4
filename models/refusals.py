"""Ordinary noes. Each is raised or returned as a value, and says itself in its reader's words."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from models.texts.text import PLAIN, Reader, Text, render

KEYS = {
    "REGISTRATION_NUMBER": Text("registration number"),
    "NAME": Text("name"),
    "PHONE": Text("phone"),
    "EMAIL": Text("email"),
}


@dataclass(frozen=True)
class Problem:
    """`message` is a Text where it has facts of its own."""

    path: str
    message: str


@dataclass(frozen=True)
class Duplicate:
    """`formerly`: those of `matched_on` that it had once; `refuses`: a registration meets it."""

    matched_on: tuple[str, ...]
    standing: str
    customer_id: UUID | None = None
    formerly: tuple[str, ...] = ()
    refuses: bool = True


# Not frozen: contextlib sets __traceback__ on whatever is raised through it.
@dataclass(unsafe_hash=True)
class Refusal(Exception):
    words: ClassVar[str]

    @property
    def text(self) -> str:
        return Text(self.words, **self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def message(self) -> str:
        """In English, by UTC: for logs and commands."""
        return self.said_to(PLAIN)

    def said_to(self, reader: Reader) -> str:
        return render(self.text, reader)

    def __str__(self) -> str:
        return self.message


@dataclass(unsafe_hash=True)
class AlreadyHeld(Refusal):
    words = "This customer already has an owner."


@dataclass(unsafe_hash=True)
class CapacityReached(Refusal):
    words = "The private pool is full: {held} held, {capacity} allowed."
    held: int
    capacity: int


@dataclass(unsafe_hash=True)
class DailyLimitReached(Refusal):
    words = "No more than {limit} claims a day; the next from {resets_at}."
    limit: int
    resets_at: datetime


@dataclass(unsafe_hash=True)
class CoolingDown(Refusal):
    words = "You released or lost this customer recently; claim it again from {until}."
    until: datetime


@dataclass(unsafe_hash=True)
class NotYetOpen(Refusal):
    words = "This customer is new to the pool and opens at {opens_at}."
    opens_at: datetime


@dataclass(unsafe_hash=True)
class NotHolder(Refusal):
    words = "Only the owner of this customer may do that."


@dataclass(unsafe_hash=True)
class LockLimitReached(Refusal):
    words = "No more than {limit} customers may be locked at a time."
    limit: int


@dataclass(unsafe_hash=True)
class RulesChanged(Refusal):
    words = "The rules are at version {version}, not {expected}: read them again, then save."
    version: int
    expected: int


@dataclass(unsafe_hash=True)
class DuplicateFound(Refusal):
    words = "This customer is already registered: the same {keys}."
    duplicates: tuple[Duplicate, ...]

    @property
    def facts(self) -> dict[str, Any]:
        keys = dict.fromkeys(key for each in self.duplicates for key in each.matched_on)
        return {"keys": tuple(KEYS[key] for key in keys)}


@dataclass(unsafe_hash=True)
class TooManyLookups(Refusal):
    words = "You looked up as many duplicates as you may for now; the next from {resets_at}."
    resets_at: datetime


@dataclass(unsafe_hash=True)
class TooManyPings(Refusal):
    words = "A webhook was pinged just now; the next ping from {resets_at}."
    resets_at: datetime


@dataclass(unsafe_hash=True)
class ExportLimitReached(Refusal):
    words = (
        "You may export {limit} customers a day from pools that others administer:"
        " {left} are left until {resets_at}."
    )
    limit: int
    left: int
    resets_at: datetime


@dataclass(unsafe_hash=True)
class Forbidden(Refusal):
    why: str = "You may not do that."

    @property
    def text(self) -> str:
        return self.why


@dataclass(unsafe_hash=True)
class NotFound(Refusal):
    words = "Not found."


@dataclass(unsafe_hash=True)
class InvalidInput(Refusal):
    problems: tuple[Problem, ...]
    unlisted: int = 0

    @classmethod
    def at(cls, path: str, message: str) -> "InvalidInput":
        """One wrong value: where it stands, and what would be right."""
        return cls((Problem(path, message),))

    @property
    def text(self) -> str:
        listed = len(self.problems)
        if self.unlisted:
            return Text(
                "{all:,} values are wrong: the first {listed:,} are listed, {more:,} more are not.",
                all=listed + self.unlisted,
                listed=listed,
                more=self.unlisted,
            )
        if listed == 1:
            only = self.problems[0]
            return Text("{path}: {problem}", path=only.path, problem=_as_text(only.message))
        return Text("{all:,} values are wrong.", all=listed)


def _as_text(message: str) -> Text:
    return message if isinstance(message, Text) else Text(message)
