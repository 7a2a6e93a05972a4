"""Ends what takes too long, as `asyncio.timeout` does, with one timer for all limits of a loop.

Few limits are ever reached: a timer for each would be set and cancelled for nothing.
"""

import asyncio
import math
import time
from types import TracebackType

# The loop's timers have whole milliseconds.
GRAIN_SECONDS = 0.001


class Timer:
    """Looks at all limits of one event loop when the first of them may be reached."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._limits: set[TimeLimit] = set()
        self._wakes_at = math.inf
        self._handle: asyncio.TimerHandle | None = None

    def begin(self, limit: "TimeLimit") -> None:
        self._limits.add(limit)
        if limit.ends_at < self._wakes_at:
            self._wake_at(limit.ends_at)

    def end(self, limit: "TimeLimit") -> None:
        self._limits.discard(limit)

    def _wake_at(self, ends_at: float) -> None:
        if self._handle:
            self._handle.cancel()
        self._wakes_at = ends_at
        self._handle = self.loop.call_later(max(0.0, ends_at - time.monotonic()), self._wake)

    def _wake(self) -> None:
        self._wakes_at, self._handle = math.inf, None
        due = time.monotonic() + GRAIN_SECONDS
        for limit in [each for each in self._limits if each.ends_at <= due]:
            limit.reach()
        if self._limits:
            self._wake_at(min(each.ends_at for each in self._limits))


class TimeLimit:
    """Cancels what the task does while entered, after so many seconds; raises TimeoutError then."""

    __slots__ = ("_cancelling", "_task", "_timer", "ends_at", "is_reached")

    def __init__(self, seconds: float) -> None:
        # By `time.monotonic`; it may be put off.
        self.ends_at = time.monotonic() + seconds
        self.is_reached = False

    def __enter__(self) -> "TimeLimit":
        self._timer = timer = _timer()
        task = asyncio.current_task(timer.loop)
        assert task
        self._task, self._cancelling = task, task.cancelling()
        timer.begin(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.end(self)
        if not self.is_reached:
            return
        # As asyncio: where somebody else has cancelled the task too, it stays so.
        if self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from fault

    def reach(self) -> None:
        """End now."""
        self._timer.end(self)
        self.is_reached = True
        self._task.cancel()


_latest: Timer | None = None


def _timer() -> Timer:
    """The timer of the running loop; a process has one loop, tests have one after another."""
    global _latest
    timer, loop = _latest, asyncio.get_running_loop()
    if timer is None or timer.loop is not loop:
        timer = _latest = Timer(loop)
    return timer
