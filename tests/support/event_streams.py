"""A client of GraphQL over SSE, by hand, and what it is told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2

from models.ledger import feed
from tests.support.running import Client, Person
from tests.support.samples import seal_of
from tests.support.sockets import ALERTS


class Events:
    """One answer; `texts` are its events and comments, as they came."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._texts = self._read()

    async def text(self, seconds: float = 10) -> str | None:
        """The next event or comment; None at the end."""
        async with asyncio.timeout(seconds):
            return await anext(self._texts, None)

    async def event(self, seconds: float = 10) -> tuple[str, Any]:
        """The next event and its data; `("end", None)` at the end."""
        while (text := await self.text(seconds)) == ":":
            pass
        if text is None:
            return "end", None
        name, data = text.split("\n")
        said = data.removeprefix("data: ").removeprefix("data:")
        return name.removeprefix("event: "), json.loads(said) if said else None

    async def next(self, seconds: float = 10) -> dict[str, Any]:
        """What the subscription tells next."""
        name, said = await self.event(seconds)
        assert name == "next", (name, said)
        assert "errors" not in said, said
        (told,) = said["data"].values()
        return dict(told)

    async def refused(self) -> str:
        """The code of the only error with which the stream is completed."""
        name, said = await self.event()
        assert name == "next"
        (error,) = said["errors"]
        assert (await self.event(), await self.event()) == (("complete", None), ("end", None))
        return str(error["extensions"]["code"])

    async def _read(self) -> AsyncIterator[str]:
        waiting = ""
        async for part in self.answer.aiter_text():
            waiting += part
            *texts, waiting = waiting.split("\n\n")
            for each in texts:
                yield each


@contextlib.asynccontextmanager
async def streaming(
    client: Client, who: Person | str, query: str, **variables: Any
) -> AsyncIterator[Events]:
    """Whatever the answer is."""
    token = who if isinstance(who, str) else client.token(who)
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    body = {"query": query, "variables": variables}
    post = client.http.stream("POST", client.graphql_url, json=body, headers=headers)
    async with post as answer:
        yield Events(answer)


@contextlib.asynccontextmanager
async def subscribed(
    client: Client, who: Person | str, query: str = ALERTS, **variables: Any
) -> AsyncIterator[Events]:
    """Whatever happens from now on is told, or from the given `after`."""
    if not isinstance(who, str):
        seal = await seal_of(who.organization_id)
        variables = {"after": await feed.format_cursor(await feed.head(), seal)} | variables
    async with streaming(client, who, query, **variables) as events:
        assert events.answer.status_code == 200
        assert events.answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert await events.text() == ":"
        yield events
