"""Rows of one file that are the same customer, by the rule of models.duplicates.exact.refuses."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from models.duplicates.exact import OUTRANKED
from models.duplicates.keys import Key
from models.refusals import Problem
from models.texts.text import Text

ANY = "any number, or none"
NONE = "no number"


@dataclass
class Repeats:
    """The first line with each key, by the registration number of its row; in constant time."""

    blocking: Collection[str]
    lines: dict[tuple[Key, str], int] = field(default_factory=dict)

    def take(self, line: int, keys: Mapping[str, tuple[Key, ...]]) -> Iterator[Problem]:
        """Yield a problem for each column that repeats a line before, and remember this line."""
        number = next((key.value for key in keys.get("registrationNumber", ())), NONE)
        for column, own in keys.items():
            lines = [self._remembered(line, key, number) for key in own]
            if first := next(filter(None, lines), None):
                again = Text("is the same as in line {line}", line=first)
                yield Problem(f"csv.{line}.{column}", again)

    def _remembered(self, line: int, key: Key, number: str) -> int | None:
        """Return the line before that this key repeats, if any, and remember this line."""
        first = self._first(key, number) if key.kind in self.blocking else None
        self.lines.setdefault((key, ANY), line)
        self.lines.setdefault((key, number), line)
        return first

    def _first(self, key: Key, number: str) -> int | None:
        """Return the first line with the key whose number is not another one than this."""
        if key.kind not in OUTRANKED or number == NONE:
            return self.lines.get((key, ANY))
        alike = (self.lines.get((key, NONE)), self.lines.get((key, number)))
        return min((line for line in alike if line), default=None)
