"""The days on which a member is absent: whole days of the organization, first and last included."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple


class Absence(NamedTuple):
    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: "Absence") -> bool:
        return self.first <= other.last and other.first <= self.last


# In order of time; none overlaps another.
Absences = tuple[Absence, ...]


def is_absent(absences: Absences, day: date) -> bool:
    return any(each.covers(day) for each in absences)


@lru_cache(maxsize=4096)
def parsed_absences(text: str) -> Absences:
    """Return the absences of a JSON text, parsed once: a list of the first and the last day."""
    return tuple(Absence(*map(date.fromisoformat, days)) for days in json.loads(text))


def written_absences(absences: Iterable[Absence]) -> str:
    return json.dumps([[str(each.first), str(each.last)] for each in sorted(absences)])
