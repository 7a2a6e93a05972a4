"""The deadline of a request: all that it waits for adds up, and has one end.

A query whose client has left ends then.
"""

import time
from types import TracebackType

from models import database
from models.time_limit import TimeLimit

# Clients are promised an answer within ten seconds, except by what is named below.
SECONDS = 9.0
# Reports, previews and advice read the whole history of a pool.
READ_SECONDS = database.LONG_READ_SECONDS + SECONDS
# Mutations that may change thousands of customers.
BULK_SECONDS = 30.0
# One import of an organization after another.
IMPORT_SECONDS = database.LONGEST_SECONDS + SECONDS


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class Deadline:
    """So many seconds the server may work at one request; what its client sends is not counted."""

    def __init__(self) -> None:
        self._left = SECONDS
        self._limit: TimeLimit | None = None
        # A mutation is done to its end, whether its client waits for the answer or not.
        self.ends_with_client = False
        self._has_client = True

    def running(self) -> "Deadline":
        """Work while entered. At the deadline it cancels that, and raises Unavailable.

        Raises ClientLeft where the client has left before. A commit under way may still be done:
        a repeated idempotency key gets its answer.
        """
        return self

    def __enter__(self) -> None:
        self._limit = limit = TimeLimit(self._left)
        self._ends_at = limit.ends_at
        limit.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        limit, self._limit = self._limit, None
        assert limit is not None
        self._left = self._ends_at - time.monotonic()
        try:
            limit.__exit__(kind, fault, trace)
            if limit.is_reached and isinstance(fault, TimeoutError):
                raise fault
        except TimeoutError as ended:
            if not self._has_client:
                raise ClientLeft from ended
            raise database.Unavailable("the request took too long and was ended") from ended

    def extend_to(self, seconds: float) -> None:
        """What runs may take so long from now on, if that is later than the deadline."""
        if self._limit:
            self._limit.ends_at = max(self._limit.ends_at, time.monotonic() + seconds)

    def client_left(self) -> None:
        if self.ends_with_client and self._limit and not self._limit.is_reached:
            self._has_client = False
            self._limit.reach()
