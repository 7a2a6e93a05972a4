"""A client of graphql-transport-ws, and what it asks."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from models.ledger import feed
from tests.support.running import Client, Person
from tests.support.samples import seal_of

ALERTS = """
subscription($after: Cursor) {
  releaseAlerts(after: $after) { cursor kind releaseAt reason at read customer { id name } }
}
"""
CHANGES = """
subscription($pool: ID!, $after: Cursor) {
  poolChanges(poolId: $pool, after: $after) { cursor kind at customer { id owner { name } } }
}
"""
Message = dict[str, Any]
numbers = count(1)


def _errors(message: Message) -> list[Message]:
    """Of an operation that is refused, or of what it tells."""
    payload = message["payload"]
    found: list[Message] = payload if message["type"] == "error" else payload.get("errors", [])
    return found


class Following:
    """One subscription over a socket of its own."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def ask(self, query: str, **variables: Any) -> None:
        payload = {"query": query, "variables": variables}
        await self.send(type="subscribe", id=str(next(numbers)), payload=payload)

    async def message(self, seconds: float = 10) -> Message:
        async with asyncio.timeout(seconds):
            message: Message = json.loads(await self.connection.recv())
            return message

    async def next(self, seconds: float = 10) -> Message:
        """What the subscription tells next."""
        message = await self.message(seconds)
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        (told,) = message["payload"]["data"].values()
        return dict(told)

    async def several(self, how_many: int, seconds: float = 10) -> list[Message]:
        async with asyncio.timeout(seconds):
            return [await self.next(seconds) for _ in range(how_many)]

    async def until_error(self, *codes: str) -> list[Message]:
        """What is told before the subscription ends with one of these errors."""
        told: list[Message] = []
        while not (errors := _errors(message := await self.message())):
            told += message["payload"]["data"].values()
        (error,) = errors
        assert error["extensions"]["code"] in codes, error
        return told

    async def error(self) -> Message:
        """The only error with which an operation ends."""
        (error,) = _errors(await self.message())
        return dict(error)

    async def closed(self, seconds: float = 10) -> int | None:
        """The code with which the server closes."""
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(seconds):
                while True:
                    await self.connection.recv()
        return self.connection.close_code


@contextlib.asynccontextmanager
async def knocking(url: str, token: str | None, language: str = "en") -> AsyncIterator[Following]:
    """Connected and introduced, whatever the answer will be."""
    protocols: Any = ["graphql-transport-ws"]
    options: Any = {"additional_headers": {"Accept-Language": language}, "max_queue": None}
    async with connect(url, subprotocols=protocols, **options) as connection:
        socket = Following(connection)
        payload = {"Authorization": f"Bearer {token}"} if token is not None else {}
        await socket.send(type="connection_init", payload=payload)
        yield socket


@contextlib.asynccontextmanager
async def let_in(
    client: Client, who: Person | str, language: str = "en"
) -> AsyncIterator[Following]:
    token = who if isinstance(who, str) else client.token(who)
    async with knocking(client.ws_url, token, language) as socket:
        assert (await socket.message())["type"] == "connection_ack"
        yield socket


@contextlib.asynccontextmanager
async def following(
    client: Client, who: Person, query: str = ALERTS, language: str = "en", **variables: Any
) -> AsyncIterator[Following]:
    """Subscribed: whatever happens from now on is told, or from the given `after`."""
    seal = await seal_of(who.organization_id)
    here = {"after": await feed.format_cursor(await feed.head(), seal)}
    async with let_in(client, who, language) as socket:
        await socket.ask(query, **here | variables)
        yield socket
