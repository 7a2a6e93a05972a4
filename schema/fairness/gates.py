"""A gate for what may run at once; those outside enter in the order of their arrival."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator


class Gate:
    """Lets in what weighs at most `size` together; what weighs more enters alone."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._inside = 0
        self._outside: deque[tuple[int, asyncio.Future[None]]] = deque()

    @contextlib.asynccontextmanager
    async def passing(self, weight: int) -> AsyncIterator[None]:
        weight = min(weight, self.size)
        await self._enter(weight)
        try:
            yield
        finally:
            self._leave(weight)

    async def _enter(self, weight: int) -> None:
        if not self._outside and self._inside + weight <= self.size:
            self._inside += weight
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = (weight, turn)
        self._outside.append(waiting)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._outside.remove(waiting)
                self._admit()
            else:
                # It was let in and cancelled at one moment.
                self._leave(weight)
            raise

    def _leave(self, weight: int) -> None:
        self._inside -= weight
        self._admit()

    def _admit(self) -> None:
        while self._outside and self._inside + self._outside[0][0] <= self.size:
            weight, turn = self._outside[0]
            if turn.cancelled():
                # It takes itself out, and calls this again.
                return
            self._outside.popleft()
            self._inside += weight
            turn.set_result(None)
