"""Who watches a server: each with a websocket of their own, in processes beside it."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.lean_watchers import watch
from benchmarks.serving import Server

READERS = 2
# A server goes on working when the last watcher has its message.
AFTERWARDS_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Turn:
    """Of some events: seconds until the last watcher has each, the server's CPU for each."""

    late: Sequence[float]
    cpu: float
    message: bytes


class Watched:
    """A server and its watchers. Each of their processes sends when all of its part are told."""

    def __init__(self, server: Server, readers: Sequence[Connection]) -> None:
        self.server = server
        self._readers = readers

    async def told(self) -> tuple[float, bytes]:
        """Return when the last of them had the next message, by time.monotonic(), and one of it."""
        found = [await asyncio.to_thread(each.recv) for each in self._readers]
        return max(at for at, _ in found), found[0][1]

    async def turn(self, happen: Callable[[], Awaitable[None]], events: int) -> Turn:
        """Let it happen so many times; all are told each time."""
        late, before = [], self.server.cpu_seconds()
        for _ in range(events):
            began = time.monotonic()
            await happen()
            at, message = await self.told()
            late.append(at - began)
            await asyncio.sleep(AFTERWARDS_SECONDS)
        return Turn(late, (self.server.cpu_seconds() - before) / events, message)


@contextmanager
def watched(server: Server, tokens: Sequence[str], asked: dict[str, Any]) -> Iterator[Watched]:
    """Subscribe with each token; the watchers leave when this is left."""
    context = multiprocessing.get_context("spawn")
    readers, processes = [], []
    for n in range(min(READERS, len(tokens))):
        mine, theirs = context.Pipe()
        arguments = (server.port, tokens[n::READERS], asked, theirs)
        process = context.Process(target=watch, args=arguments)
        process.start()
        # So that its end is seen here.
        theirs.close()
        processes.append(process)
        readers.append(mine)
    try:
        for each in readers:
            each.recv()
        yield Watched(server, readers)
    finally:
        for process in processes:
            process.terminate()
            process.join()
