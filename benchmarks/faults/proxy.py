"""A proxy between a process and PostgreSQL or Valkey that can fail as networks do."""

import asyncio
import contextlib
import ctypes
import socket
import struct
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from benchmarks.faults.relay import CHUNK, Relay, on_own_port
from models.database import credentials

COMMIT = b"COMMIT"
# Of Linux; Python has no name for it. A packet filter of one instruction: take no byte of any.
SO_ATTACH_FILTER = 26
NOTHING_ENTERS = struct.pack("HBBI", 0x06, 0, 0, 0)


class Proxy:
    """Forwards bytes both ways, until told otherwise."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.port = 0
        # Seconds by which each chunk is late.
        self.delay = 0.0
        # Commits that the server gets, but whose answer is lost with the connection.
        self.lost_answers = 0
        # Commits that never reach the server: its transaction stays open, the connection too.
        self.kept_commits = 0
        self._open = asyncio.Event()
        self._open.set()
        self._relay = Relay()
        self.kept = asyncio.Event()

    @property
    def connections(self) -> int:
        """How many are open; each has a writer to either side."""
        return len(self._relay.writers) // 2

    def stall(self) -> None:
        """Half open: nothing is forwarded any more, and nobody is told."""
        self._open.clear()

    def resume(self) -> None:
        self._open.set()

    def vanish(self) -> None:
        """As if this machine were off: the clients' packets are lost, and none is acknowledged."""
        program = ctypes.create_string_buffer(NOTHING_ENTERS)
        for writer in self._relay.writers:
            own = writer.get_extra_info("socket")
            if own.family != socket.AF_UNIX:
                filtering = struct.pack("HL", 1, ctypes.addressof(program))
                own.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, filtering)

    def cut(self) -> None:
        """Close every connection."""
        self._relay.abort()

    async def serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        try:
            server, requests = await asyncio.open_unix_connection(self.address)
        except OSError:
            # The server is away: the client hears of it at once, as without a proxy.
            answers.transport.abort()
            return
        lost = asyncio.Event()
        ways = self._requests(client, requests, lost), self._answers(server, answers, lost)
        await self._relay.carry({answers, requests}, *ways)

    async def _requests(
        self, client: asyncio.StreamReader, server: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        while chunk := await client.read(CHUNK):
            if COMMIT in chunk and self.kept_commits:
                self.kept_commits -= 1
                self.kept.set()
                await asyncio.Event().wait()
            if COMMIT in chunk and self.lost_answers:
                self.lost_answers -= 1
                lost.set()
            await self._forward(chunk, server)

    async def _answers(
        self, server: asyncio.StreamReader, client: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        while chunk := await server.read(CHUNK):
            if lost.is_set():
                return
            await self._forward(chunk, client)

    async def _forward(self, chunk: bytes, to: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.delay)
        await self._open.wait()
        to.write(chunk)
        await to.drain()


@contextlib.asynccontextmanager
async def proxy(address: str) -> AsyncIterator[Proxy]:
    """A proxy on a port of its own, in front of a Unix socket."""
    found = Proxy(address)
    async with on_own_port(found.serve) as found.port:
        try:
            yield found
        finally:
            found.cut()


def postgres_socket(url: str) -> str:
    return f"{credentials(url)['host']}/.s.PGSQL.5432"


def postgres_url(url: str, port: int) -> str:
    found = credentials(url)
    return f"postgresql://{found['user']}@127.0.0.1:{port}/{found['database']}"


def valkey_socket(url: str) -> str:
    return urlsplit(url).path
