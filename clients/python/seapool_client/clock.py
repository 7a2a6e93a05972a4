"""The server's clock: countdowns by it are right on a machine whose own clock is wrong."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


class ServerClock:
    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._low, self._high = -math.inf, math.inf

    def learn(self, header: str | None, sent_at: float, received_at: float) -> None:
        """Learn from an answer's Date header; the times are seconds since the epoch.

        It names a whole second, so that the offset lies between two bounds; each answer narrows
        them. The machine's clock was set where they contradict.
        """
        try:
            server = parsedate_to_datetime(header or "").timestamp()
        except ValueError:
            return
        low, high = server - received_at, server + 1 - sent_at
        fits = low <= self._high and high >= self._low
        self._low = max(low, self._low) if fits else low
        self._high = min(high, self._high) if fits else high

    @property
    def offset(self) -> timedelta:
        """To add to the machine's clock; zero before the first answer."""
        known = math.isfinite(self._low)
        return timedelta(seconds=(self._low + self._high) / 2 if known else 0)

    def now(self) -> datetime:
        """As the server counts, in UTC."""
        return datetime.fromtimestamp(self._now(), UTC) + self.offset

    def until(self, instant: datetime) -> timedelta:
        """The time until an instant of the API; zero if it has passed."""
        return max(timedelta(), instant - self.now())
