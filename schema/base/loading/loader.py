"""A data loader that waits until its operation asks for nothing more.

Strawberry's own reads in the next round of the event loop. A long answer is executed in slices,
with rounds in between: it would read a list in as many parts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")


class Pace:
    """When the loaders of one operation read: in the next round, or as soon as they may again.

    At the operation's end nobody waits for what they still read: `end` cancels that.
    """

    def __init__(self) -> None:
        self._is_held = False
        self._waiting: list[Callable[[], object]] = []
        self._reading: set[asyncio.Task[None]] = set()
        self._has_ended = False

    def hold(self) -> None:
        self._is_held = True

    def go(self) -> None:
        self._is_held = False
        waiting, self._waiting = self._waiting, []
        for read in waiting:
            read()

    def soon(self, read: Callable[[], object]) -> None:
        if self._is_held:
            self._waiting.append(read)
        else:
            asyncio.get_running_loop().call_soon(read)

    def read(self, work: Coroutine[Any, Any, None]) -> None:
        if self._has_ended:
            work.close()
            return
        task = asyncio.create_task(work)
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    def end(self) -> None:
        self._has_ended = True
        for task in self._reading:
            task.cancel()


class Loader(Generic[Key, Found]):
    """Reads what many ask for by one call of `read`, which answers in the order of its keys.

    A value that is an exception is raised for its key alone. Each key is read once.
    """

    def __init__(
        self,
        read: Callable[[list[Key]], Awaitable[Sequence[Any]]],
        pace: Pace,
        name_of: Callable[[Key], Hashable] | None = None,
    ) -> None:
        self._read = read
        self._pace = pace
        self._name_of = name_of
        self._primed: dict[Hashable, Found] = {}
        self._futures: dict[Hashable, asyncio.Future[Found]] = {}
        self._asked: list[tuple[Key, asyncio.Future[Found]]] = []
        # Asking for it takes a system call, for each key.
        self._loop = asyncio.get_running_loop()

    def get(self, key: Key) -> "Found | asyncio.Future[Found]":
        """Return the value if it was primed, else its future."""
        name = self._name_of(key) if self._name_of else key
        if name in self._primed:
            return self._primed[name]
        return self._reading(key, name)

    def known(self, keys: Iterable[Key]) -> list[Found] | None:
        """Return the values if all were primed."""
        names = map(self._name_of, keys) if self._name_of else keys
        try:
            return [self._primed[name] for name in names]
        except KeyError:
            return None

    def load(self, key: Key) -> "asyncio.Future[Found]":
        name = self._name_of(key) if self._name_of else key
        if name in self._primed:
            future: asyncio.Future[Found] = self._loop.create_future()
            future.set_result(self._primed[name])
            return future
        return self._reading(key, name)

    async def load_many(self, keys: Iterable[Key]) -> list[Found]:
        return [await each for each in [self.load(key) for key in keys]]

    def prime_many(self, found: Iterable[tuple[Key, Found]]) -> None:
        """Know these without a read, unless they are known."""
        name_of = self._name_of
        named: dict[Hashable, Found] = {
            name_of(key) if name_of else key: value for key, value in found
        }
        for name in self._futures.keys() & named.keys():
            del named[name]
        self._primed = named | self._primed

    def _reading(self, key: Key, name: Hashable) -> "asyncio.Future[Found]":
        known = self._futures.get(name)
        if known is not None and not known.cancelled():
            return known
        future: asyncio.Future[Found] = self._loop.create_future()
        self._futures[name] = future
        if not self._asked:
            self._pace.soon(self._begin)
        self._asked.append((key, future))
        return future

    def _begin(self) -> None:
        asked, self._asked = self._asked, []
        self._pace.read(self._answer(asked))

    async def _answer(self, asked: list[tuple[Key, "asyncio.Future[Found]"]]) -> None:
        wanted = [each for each in asked if not each[1].cancelled()]
        if not wanted:
            return
        try:
            values = await self._read([key for key, _ in wanted])
            answers = [*zip(wanted, values, strict=True)]
        except Exception as fault:
            answers = [(each, fault) for each in wanted]
        for (_, future), value in answers:
            if future.cancelled():
                continue
            if isinstance(value, Exception):
                future.set_exception(value)
            else:
                future.set_result(value)
