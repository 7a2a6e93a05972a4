"""An HTTP client that costs little, so that a benchmark measures the server beside it."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

Body = dict[str, Any]


class Client:
    """One connection to a server of this machine that is kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, port: int) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, token: str, body: Body) -> bytes:
        """Return the answer's body, whatever its status."""
        content = json.dumps(body).encode()
        head = (
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._writer.write(head.encode() + content)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        _, _, rest = answer.lower().partition(b"content-length: ")
        return await self._reader.readexactly(int(rest.split(b"\r\n", 1)[0]))

    def close(self) -> None:
        self._writer.close()


async def post_all(port: int, at_once: int, asked: Iterable[tuple[str, Body]]) -> list[bytes]:
    """Send all bodies with their tokens, so many at once; return the answers."""
    waiting, answers = iter(asked), []

    async def send() -> None:
        client = await Client.connect(port)
        for token, body in waiting:
            answers.append(await client.post(token, body))
        client.close()

    await asyncio.gather(*(send() for _ in range(at_once)))
    return answers
