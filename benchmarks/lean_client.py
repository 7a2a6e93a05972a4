"""An HTTP client that costs little, so that a benchmark measures the server beside it."""

import asyncio
import json
import re
from collections.abc import Iterable
from typing import Any, cast

Body = dict[str, Any]

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Client(asyncio.Protocol):
    """One connection to a server of this machine that is kept open: one request at a time."""

    def __init__(self) -> None:
        self._received = b""
        # Where the answer ends, once its head is here.
        self._end = 0
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    @classmethod
    async def connect(cls, port: int) -> "Client":
        _, client = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return client

    async def post(self, token: str, body: Body) -> bytes:
        """Return the answer's body, whatever its status."""
        return await self.send(request(token, body))

    def send(self, request: bytes) -> asyncio.Future[bytes]:
        """Send a whole request; return its answer's body, when it is there."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._end and (head := self._received.find(HEAD_END)) >= 0:
            length = LENGTH.search(self._received, 0, head)
            assert length, self._received
            self._body = head + len(HEAD_END)
            self._end = self._body + int(length[1])
        if self._end and len(self._received) >= self._end:
            answer = self._received[self._body : self._end]
            self._received, self._end = self._received[self._end :], 0
            self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())


def request(token: str, body: Body) -> bytes:
    content = json.dumps(body).encode()
    head = (
        "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def post_all(port: int, at_once: int, asked: Iterable[tuple[str, Body]]) -> list[bytes]:
    """Send all bodies with their tokens, so many at once; return the answers."""
    return await send_all(port, at_once, [request(token, body) for token, body in asked])


async def send_all(port: int, at_once: int, requests: Iterable[bytes]) -> list[bytes]:
    """Send all requests, so many at once; return the bodies of the answers."""
    waiting = iter(requests)
    answers: list[bytes] = []

    async def send() -> None:
        client = await Client.connect(port)
        for each in waiting:
            answers.append(await client.send(each))
        client.close()

    await asyncio.gather(*(send() for _ in range(at_once)))
    return answers
