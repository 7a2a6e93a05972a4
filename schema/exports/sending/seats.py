"""How many sheets are sent at once: one to a member, some by a process."""

import contextlib
from collections.abc import Iterator

from schema.base.errors import OverBudget

MOST = 4
RETRY_SECONDS = 5


class Seats:
    def __init__(self) -> None:
        self._taken: set[str] = set()

    @contextlib.contextmanager
    def take(self, member: str) -> Iterator[None]:
        """Raises OverBudget where the member has one, or all are taken."""
        if member in self._taken or len(self._taken) >= MOST:
            raise OverBudget(RETRY_SECONDS)
        self._taken.add(member)
        try:
            yield
        finally:
            self._taken.discard(member)
