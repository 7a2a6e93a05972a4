"""In one round of the event loop so much is executed; what is more waits for its turn."""

import asyncio
from collections import deque

# The fields that all operations may execute in one round without a turn: some 30 ms.
ROUND = 2_000
# The fields of all that take turns, in one round: some 5 ms.
SLICE = 250


class Line:
    """The parts of one operation's answer that wait for their turn.

    The last is the first: so an answer is completed part by part, and few parts wait in memory,
    where the garbage collector would walk them.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    async def turn(self, fields: int) -> None:
        """Wait for a turn to execute so many fields."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((fields, turn))
        turns.join(self)
        await turn

    def take(self) -> int:
        """Wake the last one; return how many fields it executes."""
        fields, turn = self._waiting.pop()
        if turn.done():
            return 0
        turn.set_result(None)
        return fields


class Turns:
    """Wakes a slice in each round of the loop, of one operation after another."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque()
        self._executed = 0

    @property
    def is_round_full(self) -> bool:
        return self._executed > ROUND

    def count(self, fields: int) -> None:
        """Count what is executed without a turn in this round."""
        if not self._executed:
            asyncio.get_running_loop().call_soon(self._begin_round)
        self._executed += fields

    def _begin_round(self) -> None:
        self._executed = 0

    def join(self, line: Line) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._wake)
        if line not in self._lines:
            self._lines.append(line)

    def _wake(self) -> None:
        left = SLICE
        while left > 0 and self._lines:
            line = self._lines.popleft()
            left -= line.take()
            if line:
                self._lines.append(line)
        if self._lines:
            asyncio.get_running_loop().call_soon(self._wake)


turns = Turns()
