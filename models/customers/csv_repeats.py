"""Rows of one file that are the same customer, by the rule of models.duplicates.exact.refuses."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from models.duplicates.exact import OUTRANKED
from models.duplicates.keys import Key, field_keys
from models.texts.text import Text

ANY = "any number, or none"
NONE = "no number"


@dataclass
class Repeats:
    """The first line with each key, by the registration number of its row; in constant time."""

    blocking: Collection[str]
    lines: dict[tuple[Key, str], int] = field(default_factory=dict)

    def take(self, line: int, values: Mapping[str, str | None]) -> dict[str, str]:
        """Return by column which values repeat a line before, and remember this line."""
        number = next((each.value for each in _keys("registrationNumber", values)), NONE)
        problems: dict[str, str] = {}
        for column in values:
            for key in _keys(column, values):
                first = self._first(key, number)
                if first and key.kind in self.blocking:
                    problems[column] = Text("is the same as in line {line}", line=first)
                self.lines.setdefault((key, ANY), line)
                self.lines.setdefault((key, number), line)
        return problems

    def _first(self, key: Key, number: str) -> int | None:
        """Return the first line with the key whose number is not another one than this."""
        if key.kind not in OUTRANKED or number == NONE:
            return self.lines.get((key, ANY))
        alike = (self.lines.get((key, NONE)), self.lines.get((key, number)))
        return min((line for line in alike if line), default=None)


def _keys(column: str, values: Mapping[str, str | None]) -> tuple[Key, ...]:
    return field_keys(column, values.get(column))
