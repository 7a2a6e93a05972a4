"""A receiver of webhooks that keeps which events came, in the order of their arrival."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response


@dataclass
class Receiver:
    port: int
    # Event and its customer, as global ids; a repeated message is kept once.
    arrived: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/seapool"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        data = json.loads(await Request(scope, receive).body())["data"]
        self.arrived.setdefault(data["id"], data["customer"]["id"])
        await Response(status_code=204)(scope, receive, send)


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        receiver = Receiver(listening.getsockname()[1])
        config = uvicorn.Config(receiver, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        # The signals stay with the run.
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield receiver
        finally:
            server.should_exit = server.force_exit = True
            await running
