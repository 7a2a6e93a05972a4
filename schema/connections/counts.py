"""How many of a kind are open at once for each key, e.g. for each address."""

import contextlib
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Counts(Generic[Key]):
    """At most `most` for each key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._open: Counter[Key] = Counter()

    def take(self, key: Key) -> bool:
        """Count one more. Return False, and count nothing, if there are `most`."""
        if self._open[key] >= self.most:
            return False
        self._open[key] += 1
        return True

    def give_back(self, key: Key) -> None:
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]

    @contextlib.contextmanager
    def taken(self, key: Key) -> Iterator[bool]:
        """Count one more while this is entered; False if there are `most`."""
        free = self.take(key)
        try:
            yield free
        finally:
            if free:
                self.give_back(key)
