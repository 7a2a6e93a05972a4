"""A receiver of webhooks as another company would run it: a real HTTP server on a free port."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from standardwebhooks import Webhook
from starlette.requests import Request
from starlette.responses import Response


@dataclass
class Receiver:
    """What was posted to it, by the path; and how it answers."""

    port: int
    status: int = 204
    refuses: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    secret: str = ""
    words: str = ""
    paths: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    now: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/seapool"

    @property
    def actions(self) -> list[str]:
        return [message["data"]["action"] for message in self.messages]

    def of(self, customer: str) -> list[str]:
        """What was told of one customer, in the order of its arrival."""
        found = [message["data"] for message in self.messages]
        return [data["action"] for data in found if data["customer"]["id"] == customer]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        self.paths.append(request.url.path)
        self.hosts.append(request.headers["host"])
        self.ids.append(request.headers["webhook-id"])
        # Raises, and so answers 500, where it was signed by another secret or too long ago.
        message = Webhook(self.secret).verify(body, dict(request.headers))
        self.messages.append(message)
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.now -= 1
        status = 500 if message["data"].get("action", "ping") == self.refuses else self.status
        await Response(self.words, status, self.headers)(scope, receive, send)


@contextlib.asynccontextmanager
async def receiving(certificate: Path | None = None) -> AsyncIterator[Receiver]:
    """With a certificate (and its key in the same file) it speaks TLS alone."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        receiver = Receiver(listening.getsockname()[1])
        async with serving(receiver, listening, certificate):
            yield receiver


@contextlib.asynccontextmanager
async def serving(
    app: Any, listening: socket.socket, certificate: Path | None = None
) -> AsyncIterator[None]:
    """A real HTTP server for the application, in this process."""
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, timeout_graceful_shutdown=1, ssl_certfile=certificate
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await running
