"""Rows of one file that are the same customer, by the rule of models.duplicates.exact.refuses."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from models.duplicates.exact import OUTRANKED
from models.duplicates.keys import Key
from models.refusals import Problem
from models.texts.text import Text


@dataclass
class Repeats:
    """The first line with each key that may refuse; in constant time.

    `lines` has that of any row; of OUTRANKED keys, `unnumbered` has that of a row without a
    registration number, and `numbered` that with each number.
    """

    blocking: Collection[str]
    lines: dict[Key, int] = field(default_factory=dict)
    unnumbered: dict[Key, int] = field(default_factory=dict)
    numbered: dict[tuple[Key, str], int] = field(default_factory=dict)

    def take(self, line: int, keys: Mapping[str, tuple[Key, ...]]) -> Iterator[Problem]:
        """Yield a problem for each column that repeats a line before, and remember this line."""
        numbers = keys.get("registrationNumber")
        number = numbers[0].value if numbers else None
        for column, own in keys.items():
            lines = [self._first(line, key, number) for key in own if key.kind in self.blocking]
            if first := next(filter(None, lines), None):
                again = Text("is the same as in line {line}", line=first)
                yield Problem(f"csv.{line}.{column}", again)

    def _first(self, line: int, key: Key, number: str | None) -> int | None:
        """Return the line before that this key repeats, if any, and remember this line."""
        before = self.lines.setdefault(key, line)
        first = before if before != line else None
        if key.kind not in OUTRANKED:
            return first
        if number is None:
            self.unnumbered.setdefault(key, line)
            return first
        # Another number tells the rows apart.
        alike = (self.unnumbered.get(key), self.numbered.get((key, number)))
        self.numbered.setdefault((key, number), line)
        return min((each for each in alike if each), default=None)
