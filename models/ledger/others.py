"""Who else writes to the ledger: the sequence of its events tells it, and no event is read."""

import math
import time

from models import database

WRITTEN = "SELECT last_value FROM event_seq_seq"


class OtherWriters:
    """Whether anybody but its owner writes events, seen from one question to the next.

    Each event takes a number of one sequence. So numbers that the owner did not take are others'.
    One that a failed statement took counts too.
    """

    def __init__(self) -> None:
        self._written: int | None = None
        self._heard_at = -math.inf

    async def quiet_for(self, seconds: float, *, own: int) -> bool:
        """Return whether nobody else wrote for so long; the first answer is no.

        `own` events the owner has written since the last question, and it writes none now.
        """
        before, self._written = self._written, (await database.rows(WRITTEN))[0]["last_value"]
        if before is None:
            return False
        if self._written > before + own:
            self._heard_at = time.monotonic()
        return time.monotonic() - self._heard_at > seconds
