"""A semaphore that tells in one step whether a place is free."""

import asyncio
from collections import deque


class Semaphore:
    """asyncio's, with fewer steps: those who wait get a place in the order of their arrival."""

    __slots__ = ("__weakref__", "_turns", "free")

    def __init__(self, places: int) -> None:
        # None is free while somebody waits. Where some are, `free -= 1` takes one at once.
        self.free = places
        # None until somebody waits, which few do.
        self._turns: deque[asyncio.Future[None]] | None = None

    async def acquire(self) -> None:
        if self.free:
            self.free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._turns is None:
            self._turns = deque()
        self._turns.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                # It got its place and was cancelled at one moment.
                self.release()
            raise

    def release(self) -> None:
        while self._turns:
            turn = self._turns.popleft()
            if not turn.cancelled():
                turn.set_result(None)
                return
        self.free += 1
