"""Whose turn it is, when a pool deals customers out. Pure code."""

import heapq
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from models.rules.distribution import Distribution, Strategy
from models.tables import Member


@dataclass(slots=True)
class Receiver:
    """A member to whom a pool deals, with what they hold and were dealt.

    `room` is how many more they may hold, None for any number. `last` is when they were dealt the
    last customer, in microseconds since 1970; 0 for none yet.
    """

    member: Member
    seated: bool
    held: int
    room: int | None
    dealt_today: int
    last: int

    def left(self, quota: int | None) -> int | None:
        """Return how many more they may get today; None for any number."""
        limits = [] if self.room is None else [max(0, self.room)]
        if quota is not None:
            limits.append(max(0, quota - self.dealt_today))
        return min(limits, default=None)


class Turn(NamedTuple):
    """The least is next. `number` breaks ties: receivers have no order."""

    place: tuple[int, ...]
    number: int
    receiver: Receiver


class Turns:
    """Of those who may still get a customer; each that is dealt counts at once."""

    def __init__(self, distribution: Distribution, receivers: Iterable[Receiver]) -> None:
        self._distribution = distribution
        self._turns: list[Turn] = []
        self._last = 0
        for number, each in enumerate(receivers):
            self._last = max(self._last, each.last)
            self._wait(number, each)

    def __bool__(self) -> bool:
        return bool(self._turns)

    def next(self, forbidden: Set[UUID]) -> Receiver | None:
        """Return who gets a customer; None if it is forbidden to all who may get one."""
        passed = []
        found = None
        while self._turns and found is None:
            turn = heapq.heappop(self._turns)
            if turn.receiver.member.id in forbidden:
                passed.append(turn)
            else:
                found = turn.receiver
                self._count(found)
                self._wait(turn.number, found)
        for turn in passed:
            heapq.heappush(self._turns, turn)
        return found

    def _count(self, receiver: Receiver) -> None:
        self._last += 1
        receiver.last = self._last
        receiver.held += 1
        receiver.dealt_today += 1
        if receiver.room is not None:
            receiver.room -= 1

    def _wait(self, number: int, receiver: Receiver) -> None:
        if receiver.left(self._distribution.quota) != 0:
            heapq.heappush(self._turns, Turn(self._place(receiver), number, receiver))

    def _place(self, receiver: Receiver) -> tuple[int, ...]:
        in_turn = (receiver.dealt_today, receiver.last)
        if self._distribution.strategy == Strategy.LEAST_LOADED:
            return (receiver.held, *in_turn)
        return in_turn
