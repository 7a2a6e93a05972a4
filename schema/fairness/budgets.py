"""What members and organizations may still spend: the generic cell rate algorithm.

A budget refills all the time, and after a rest it may be spent at once. Each spender is one number:
how many seconds of refilling it owes. Source: ITU-T I.371, annex A, "virtual scheduling".
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_SECONDS = 60


@dataclass(slots=True)
class Budgets:
    """The spenders of one process. `unsent` is what other processes have not heard of, in seconds.

    A budget is given in units of cost a WINDOW_SECONDS.
    """

    clock: Callable[[], float] = time.monotonic
    unsent: dict[str, float] = field(default_factory=dict)
    _free_at: dict[str, float] = field(default_factory=dict)

    def wait(self, spender: str, cost: int, budget: int) -> float:
        """Return the seconds until the spender may spend so much; 0 if it may now."""
        owed = self._free_at.get(spender, 0.0) - self.clock()
        seconds = (cost if cost < budget else budget) * WINDOW_SECONDS / budget
        wait = (owed if owed > 0 else 0.0) + seconds - WINDOW_SECONDS
        return wait if wait > 0 else 0.0

    def left(self, spender: str, budget: int) -> tuple[int, int]:
        """Return the units that the spender may spend now, and when it has all of its budget.

        That is in seconds, rounded up.
        """
        owed = self._free_at.get(spender, 0.0) - self.clock()
        if owed <= 0:
            return budget, 0
        return max(0, int((WINDOW_SECONDS - owed) * budget / WINDOW_SECONDS)), math.ceil(owed)

    def spend(self, spender: str, cost: int, budget: int) -> None:
        self._owe(spender, _seconds(cost, budget))

    def fine(self, spender: str, cost: int, budget: int) -> None:
        """Take the cost also from a spender that has less: it owes up to one budget more."""
        room = 2 * WINDOW_SECONDS - self._owed(spender)
        self._owe(spender, max(0.0, min(_seconds(cost, budget), room)))

    def take_unsent(self) -> dict[str, float]:
        """Return the seconds that others have not heard of; forget spenders that owe nothing.

        What has been refilled since it was spent, others need not hear.
        """
        now = self.clock()
        self._free_at = {name: at for name, at in self._free_at.items() if at > now}
        taken = {
            spender: min(seconds, self._owed(spender))
            for spender, seconds in self.unsent.items()
            if spender in self._free_at
        }
        self.unsent = {}
        return taken

    def put_back(self, unsent: dict[str, float]) -> None:
        """Others could not be told: they hear it the next time."""
        for spender, seconds in unsent.items():
            self.unsent[spender] = self.unsent.get(spender, 0.0) + seconds

    def owes(self, spender: str, seconds: float) -> None:
        """Adopt what all processes have spent together, and add what they have not heard of."""
        self._free_at[spender] = self.clock() + seconds + self.unsent.get(spender, 0.0)

    def _owe(self, spender: str, seconds: float) -> None:
        now, free_at = self.clock(), self._free_at.get(spender, 0.0)
        self._free_at[spender] = (free_at if free_at > now else now) + seconds
        self.unsent[spender] = self.unsent.get(spender, 0.0) + seconds

    def _owed(self, spender: str) -> float:
        owed = self._free_at.get(spender, 0.0) - self.clock()
        return owed if owed > 0 else 0.0


def _seconds(cost: int, budget: int) -> float:
    return (cost if cost < budget else budget) * WINDOW_SECONDS / budget
