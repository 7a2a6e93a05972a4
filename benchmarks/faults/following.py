"""A client of a subscription; when it hears no more, it resumes at its cursor, at the other API.

One that `reloads` begins anew after RESYNC, as an app does that has read its lists again.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.faults.machine import Machine

ALERTS = "subscription ($after: Cursor) { releaseAlerts(after: $after) { cursor } }"
CHANGES = """subscription ($after: Cursor, $pool: ID!) {
  poolChanges(poolId: $pool, after: $after) { cursor } }"""
PING_SECONDS = 2
PROTOCOLS: Any = ["graphql-transport-ws"]


class Ended(Exception):
    """The server ended the subscription; the text is its error."""


@dataclass
class Following:
    apis: list[Machine]
    token: str
    query: str
    variables: dict[str, Any]
    after: str | None
    reloads: bool = False
    # When each was told first, in their order.
    cursors: dict[str, float] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)

    async def run(self) -> None:
        turn = 0
        while True:
            api = self.apis[turn % len(self.apis)]
            try:
                async with asyncio.timeout(None), self._connected(api) as socket:
                    await self._follow(socket)
            except Ended as fault:
                self.errors.add(str(fault))
                if self.reloads and str(fault) == "RESYNC":
                    self.after = None
            except (OSError, TimeoutError, WebSocketException):
                pass
            turn += 1
            await asyncio.sleep(0.2)

    def _connected(self, api: Machine) -> connect:
        return connect(
            f"{api.url}/graphql".replace("http", "ws", 1),
            subprotocols=PROTOCOLS,
            proxy=None,
            open_timeout=PING_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=PING_SECONDS,
        )

    async def _follow(self, socket: ClientConnection) -> None:
        payload = {"Authorization": f"Bearer {self.token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        await asyncio.wait_for(socket.recv(), 2 * PING_SECONDS)
        asked = {"query": self.query, "variables": self.variables | {"after": self.after}}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": asked}))
        async for text in socket:
            message = json.loads(text)
            payload = message.get("payload")
            if message["type"] == "error" or (payload and "errors" in payload):
                errors = payload if isinstance(payload, list) else payload["errors"]
                raise Ended(errors[0].get("extensions", {}).get("code", errors[0]["message"]))
            if message["type"] == "next":
                (told,) = payload["data"].values()
                self._take(told)

    def _take(self, told: dict[str, Any]) -> None:
        cursor = self.after = told["cursor"]
        self.cursors.setdefault(cursor, time.time())
