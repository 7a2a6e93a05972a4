"""Reads that requests ask for at the same time: one statement for all of one group.

Nothing is kept: each answer was read after it was asked for. A call of many keys costs little more
than one of few, so it begins when all requests that have arrived have asked.
"""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence, Sized
from typing import Generic, TypeVar

from models import database

Group = TypeVar("Group", bound=Hashable)
Key = TypeVar("Key")
Found = TypeVar("Found")
Asked = list[tuple[Key, asyncio.Future[Found]]]

# Who asks meanwhile waits for the next statement, unless this one takes longer.
LATE_SECONDS = 0.05
# A request that has arrived asks after so many rounds of the event loop: one reads it from its
# socket, the next one runs its task.
ROUNDS = 2
# No call waits longer for others to ask.
GATHER_SECONDS = 0.005


class Waiting(Generic[Key, Found]):
    """What is asked for in one group, and since when the latest call runs."""

    __slots__ = ("asked", "began_at", "context", "running")

    def __init__(self) -> None:
        self.asked: Asked[Key, Found] = []
        # Of who asked first: their connections, their trace.
        self.context = contextvars.copy_context()
        self.began_at = 0.0
        # Kept here: the event loop keeps no task that waits.
        self.running: set[asyncio.Task[None]] = set()


class Together(Generic[Group, Key, Found]):
    """Calls `read` with all keys of a group that were asked for while it read the ones before.

    It answers in the order of its keys. The first call waits for requests that have arrived, and
    for nothing else. A fault is of one key alone where that can be told.
    """

    def __init__(self, read: Callable[[Group, list[Key]], Awaitable[Sequence[Found]]]) -> None:
        self._read = read
        self._groups: dict[Group, Waiting[Key, Found]] = {}

    def ask(self, group: Group, key: Key) -> asyncio.Future[Found]:
        waiting = self._groups.get(group)
        if waiting is None:
            waiting = self._groups[group] = Waiting()
        elif not waiting.asked:
            waiting.context = contextvars.copy_context()
        answer: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        waiting.asked.append((key, answer))
        if not waiting.running or time.monotonic() - waiting.began_at > LATE_SECONDS:
            self._begin(group, waiting)
        return answer

    def _begin(self, group: Group, waiting: Waiting[Key, Found]) -> None:
        """A task of its own reads: who asked first may leave, and the others go on."""
        waiting.began_at = time.monotonic()
        reading = self._read_all(group, waiting)
        waiting.running.add(asyncio.create_task(reading, context=waiting.context))

    async def _read_all(self, group: Group, waiting: Waiting[Key, Found]) -> None:
        try:
            await _all_have_asked(waiting.asked)
            asked, waiting.asked = waiting.asked, []
            if wanted := [each for each in asked if not each[1].done()]:
                await self._answer(group, wanted)
        except BaseException:
            # The process ends.
            self._groups.pop(group, None)
            raise
        task = asyncio.current_task()
        assert task
        waiting.running.discard(task)
        if waiting.asked:
            self._begin(group, waiting)
        elif not waiting.running:
            self._groups.pop(group, None)

    async def _answer(self, group: Group, asked: Asked[Key, Found]) -> None:
        try:
            found = await self._read(group, [key for key, _ in asked])
        except Exception as fault:
            if len(asked) > 1 and not database.took_too_long(fault):
                alone = ([each] for each in asked if not each[1].done())
                await asyncio.gather(*(self._answer(group, each) for each in alone))
                return
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(fault)
            return
        for (_, answer), each in zip(asked, found, strict=True):
            if not answer.done():
                answer.set_result(each)


async def _all_have_asked(asked: Sized) -> None:
    """Wait until ROUNDS of the event loop bring nobody: no time where it has nothing to do."""
    ends, known, quiet = time.monotonic() + GATHER_SECONDS, len(asked), 0
    while quiet < ROUNDS and time.monotonic() < ends:
        await asyncio.sleep(0)
        quiet = quiet + 1 if len(asked) == known else 0
        known = len(asked)
