"""How late a statement's work was, measured to its commit."""

import time
from collections.abc import Iterable
from datetime import datetime

from prometheus_client import Histogram


class Stopwatch:
    """Started before a statement that commits by itself."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def observe(self, histogram: Histogram, now: datetime, due: Iterable[datetime | None]) -> None:
        """Call after the statement, with its `now()`: when it began, by the database's clock.

        What passed since then on this machine is added. So no clock is compared with another one,
        and each lateness is a bit too long rather than too short: by the way there and back.
        """
        passed = time.perf_counter() - self._began
        for each in due:
            if each is not None:
                histogram.observe(max(0.0, (now - each).total_seconds()) + passed)
