"""What two proxies share: both ways of a connection, which end together."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

CHUNK = 65536
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Relay:
    """Keeps the writers of its open connections, two each."""

    def __init__(self) -> None:
        self.writers: set[asyncio.StreamWriter] = set()

    async def carry(
        self, mine: set[asyncio.StreamWriter], *ways: Coroutine[Any, Any, None]
    ) -> None:
        """Run both ways until one ends; close the connection's writers then."""
        self.writers |= mine
        tasks = [asyncio.create_task(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.writers -= mine
            for writer in mine:
                writer.transport.abort()

    def abort(self) -> None:
        """Close every connection."""
        for writer in list(self.writers):
            writer.transport.abort()


@contextlib.asynccontextmanager
async def on_own_port(serve: Serve) -> AsyncIterator[int]:
    """Serve on a port of its own inside the `with` block; yield it."""
    with socket.socket() as listening:
        # Little waits in between: who sends more waits for the reader.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, CHUNK)
        listening.bind(("127.0.0.1", 0))
        server = await asyncio.start_server(serve, sock=listening)
        try:
            yield listening.getsockname()[1]
        finally:
            server.close()
