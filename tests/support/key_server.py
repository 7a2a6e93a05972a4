"""A token issuer's key server, on a real port."""

import asyncio
import contextlib
import json
from typing import Any

from joserfc.jwk import ECKey, Key, RSAKey

PART = 64 * 1024


class KeyServer:
    """Serves a key set, or `body`, once `answers` is set; counts, and can be taken away."""

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.asked = 0
        self.sent = 0
        self.server: asyncio.Server | None = None
        self.port = 0
        self.body = b""
        self.answers = asyncio.Event()
        self.answers.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/keys"

    async def start(self) -> None:
        self.server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self.server:
            self.server.close()
            await self.server.wait_closed()

    def publish(self, *keys: Key) -> None:
        self.keys = [key.as_dict(private=False) for key in keys]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        await self.answers.wait()
        body = self.body or json.dumps({"keys": self.keys}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        # Until the other side has read enough and leaves.
        with contextlib.suppress(ConnectionError):
            for at in range(0, len(body), PART):
                writer.write(body[at : at + PART])
                await writer.drain()
                self.sent = at + PART
        writer.close()


def published(kind: type[RSAKey] | type[ECKey], kid: str) -> RSAKey | ECKey:
    parameters: Any = {"kid": kid, "use": "sig"}
    if kind is RSAKey:
        return RSAKey.generate_key(2048, parameters)
    return ECKey.generate_key("P-256", parameters)
