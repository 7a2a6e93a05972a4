"""A wire between a browser and the API that can be cut, and that can lose an answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from benchmarks.faults.relay import CHUNK, Relay, on_own_port


class Wire:
    """Forwards bytes both ways.

    Requests with `loses` in them arrive; their answers do not. `loses_once` is the same for one.
    A request with `stops` in it gets no further, until `cut`; `stopped` says that one is there.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.to = (parts.hostname or "", parts.port or 80)
        self.url = ""
        self.loses: bytes | None = None
        self.loses_once: bytes | None = None
        self.lost = 0
        self.stops: bytes | None = None
        self.stopped = asyncio.Event()
        self._whole = True
        self._silenced = 0
        self._silent: set[asyncio.StreamWriter] = set()
        self._relay = Relay()

    def cut(self) -> None:
        """Close every connection, and each new one, until `mend`."""
        self._whole = False
        self._relay.abort()

    def mend(self) -> None:
        self._whole = True
        for writer in self._silent:
            writer.transport.abort()
        self._silent.clear()

    def silence(self) -> None:
        """Carry no more bytes over the connections of now, and leave them open until `mend`."""
        self._silenced += 1
        self._silent |= self._relay.writers

    async def serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        if not self._whole:
            answers.transport.abort()
            return
        server, requests = await asyncio.open_connection(*self.to)
        lost = asyncio.Event()
        ways = self._requests(client, requests, lost), self._answers(server, answers, lost)
        await self._relay.carry({answers, requests}, *ways)

    async def _requests(
        self, client: asyncio.StreamReader, server: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        known = self._silenced
        while chunk := await client.read(CHUNK):
            if self._silenced > known:
                continue
            if self._is_to_lose(chunk):
                self.lost += 1
                lost.set()
            server.write(chunk)
            await server.drain()
            if self.stops and self.stops in chunk:
                self.stopped.set()
                await asyncio.Event().wait()

    def _is_to_lose(self, chunk: bytes) -> bool:
        if self.loses_once and self.loses_once in chunk:
            self.loses_once = None
            return True
        return bool(self.loses and self.loses in chunk)

    async def _answers(
        self, server: asyncio.StreamReader, client: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        known = self._silenced
        while chunk := await server.read(CHUNK):
            if self._silenced > known:
                continue
            if lost.is_set():
                return
            client.write(chunk)
            await client.drain()


@contextlib.asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[Wire]:
    """Run a wire on a port of its own inside the `with` block."""
    wire = Wire(url)
    async with on_own_port(wire.serve) as port:
        wire.url = f"http://127.0.0.1:{port}"
        try:
            yield wire
        finally:
            wire.cut()
