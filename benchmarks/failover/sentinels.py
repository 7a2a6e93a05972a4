"""Two Valkeys, one of which follows the other, and three Sentinels that fail over between them."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

import engines as embedded
from benchmarks.failover.ports import free_port

SERVICE = "seapool"
QUORUM = 2
DOWN_AFTER_MS = 300


class Node(embedded.Valkey):
    """A Valkey on a port, which Sentinels can name to clients."""

    def __init__(self, folder: Path, number: int, *, follows: int | None = None) -> None:
        own = folder / f"valkey-{number}"
        own.mkdir()
        super().__init__(own / "data", own)
        self.port = free_port()
        self.follows = follows

    def command(self) -> list[str]:
        follow = ["--replicaof", f"127.0.0.1 {self.follows}"] if self.follows else []
        return [*super().command(), "--bind", "127.0.0.1", "--port", str(self.port), *follow]


class Sentinel(Node):
    """It knows the other Sentinels and the standby from its start: finding them takes seconds."""

    def configure(self, others: "list[Sentinel]", master: Node, standby: Node) -> None:
        named = f"{SERVICE} 127.0.0.1"
        lines = [
            f"sentinel myid {self.id}",
            f"sentinel monitor {named} {master.port} {QUORUM}",
            f"sentinel down-after-milliseconds {SERVICE} {DOWN_AFTER_MS}",
            f"sentinel failover-timeout {SERVICE} 2000",
            f"sentinel known-replica {named} {standby.port}",
            *(f"sentinel known-sentinel {named} {each.port} {each.id}" for each in others),
        ]
        self.file.write_text("\n".join(lines) + "\n")

    @property
    def id(self) -> str:
        return f"{self.port:040x}"

    @property
    def file(self) -> Path:
        return self.data.with_name("sentinel.conf")

    def command(self) -> list[str]:
        options = {"dir": str(self.data), "bind": "127.0.0.1", "port": str(self.port)}
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [str(self.binary), str(self.file), "--sentinel", *flags]

    def ready(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False


@dataclass(frozen=True)
class Guarded:
    master: Node
    standby: Node
    sentinels: list[Sentinel]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.sentinels)
        return f"sentinel://{hosts}/{SERVICE}?db=0"

    async def master_port(self) -> int:
        """The port of the master, by one of the Sentinels."""
        async with Redis(port=self.sentinels[0].port) as opened:
            sentinel: Any = opened
            return int((await sentinel.sentinel_get_master_addr_by_name(SERVICE))[1])


@contextlib.asynccontextmanager
async def guarded(folder: Path) -> AsyncIterator[Guarded]:
    """All five run while this is entered, and the standby follows the master."""
    master = Node(folder, 0)
    standby = Node(folder, 1, follows=master.port)
    sentinels = [Sentinel(folder, number) for number in (2, 3, 4)]
    for each in sentinels:
        each.configure([other for other in sentinels if other is not each], master, standby)
    with contextlib.ExitStack() as running:
        for node in (master, standby, *sentinels):
            running.callback(node.stop)
            await asyncio.to_thread(node.start)
        yield Guarded(master, standby, sentinels)
