"""How many events may come: `burst` at once, then `per_second`."""


class Rate:
    def __init__(self, burst: int, per_second: float) -> None:
        self.burst = burst
        self.per_second = per_second
        self._left = float(burst)
        self._at = 0.0

    def allows(self, now: float, count: int = 1) -> bool:
        """Count events at `now`, in seconds of one clock. Return False if they are too many."""
        self._left = min(self.burst, self._left + (now - self._at) * self.per_second) - count
        self._at = now
        return self._left >= 0
