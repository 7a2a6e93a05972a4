"""graphql-ws' own client: lazy connections, pings, close codes, and no event missed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from settings import Settings
from tests.conformance.conftest import Start
from tests.conformance.sales import Sales
from tests.support.node_program import Program
from tests.support.running import Process, Processes
from tests.support.wire import Wire, wire_to

CODES = {
    "an operation before the acknowledgement": 4401,
    "a second connection_init": 4429,
    "no JSON": 4400,
    "an unknown type": 4400,
    "one id for two operations": 4409,
    "no token": 4403,
}


@pytest_asyncio.fixture(scope="module", autouse=True)
async def silent(node: Start, api_process: Process) -> AsyncIterator[asyncio.Task[int]]:
    """The code that closes a client without connection_init: other tests run in its ten seconds."""
    async with node("graphql_ws.mjs") as program:
        asked = program.call("closed", api_process.ws_url, "", "no connection_init", "")
        yield asyncio.create_task(asked)


@pytest_asyncio.fixture
async def client(node: Start) -> AsyncIterator[Program]:
    async with node("graphql_ws.mjs") as program:
        yield program


async def test_a_wrong_client_is_closed_with_the_code_of_the_protocol(
    client: Program, sales: Sales, subtests: pytest.Subtests
) -> None:
    given = (sales.api.ws_url, sales.token)
    closing = {wrong: client.call("closed", *given, wrong, sales.pool_id) for wrong in CODES}
    codes = dict(zip(closing, await asyncio.gather(*closing.values()), strict=True))
    for wrong, code in CODES.items():
        with subtests.test(wrong):
            assert codes[wrong] == code


async def test_a_lazy_client_connects_for_its_first_subscription_and_until_its_last(
    client: Program, sales: Sales
) -> None:
    await client.call("connect", sales.api.ws_url, sales.token)
    await sales.claim(1)
    assert client.unheard() == []
    await client.call("follow", sales.pool_id, sales.now)
    assert [await client.told(), await client.told()] == ["connecting", "connected"]
    assert await changes(client, 1) == sales.claimed
    await client.call("stop")
    assert await client.told() == "complete"
    assert await client.told() == "closed 1000"


async def test_pings_are_answered_while_nothing_happens(client: Program, sales: Sales) -> None:
    await client.call("connect", sales.api.ws_url, sales.token, {"keepAlive": 20})
    await client.call("follow", sales.pool_id, sales.now)
    told = [await client.told() for _ in range(5)]
    assert told == ["connecting", "connected", "pong", "pong", "pong"]


async def test_a_client_whose_connection_is_cut_misses_and_repeats_nothing(
    client: Program, sales: Sales
) -> None:
    async with wire_to(sales.api.url) as wire:
        await client.call("connect", through(wire), sales.token)
        await client.call("follow", sales.pool_id, sales.now)
        await sales.claim(2)
        heard = await changes(client, 2)
        for _ in range(3):
            claiming = asyncio.create_task(sales.claim(5))
            heard += await changes(client, 2)
            wire.cut()
            await until_closed(client, heard)
            await claiming
            wire.mend()
        await sales.claim(1)
        heard += await changes(client, len(sales.claimed) - len(heard))
    assert heard == sales.claimed


async def test_a_client_goes_on_at_another_process_when_its_own_is_restarted(
    client: Program,
    sales: Sales,
    api_process: Process,
    settings: Settings,
    tmp_path: Path,
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        old = await Processes(settings, tmp_path, stack).api()
        wire = await stack.enter_async_context(wire_to(old.url))
        await client.call("connect", through(wire), sales.token)
        await client.call("follow", sales.pool_id, sales.now)
        await sales.claim(2)
        heard = await changes(client, 2)
        parts = urlsplit(api_process.url)
        wire.to = (str(parts.hostname), int(parts.port or 0))
        ending = asyncio.create_task(old.terminate())
        await sales.claim(5)
        heard += await changes(client, 5)
        assert await ending == 0
    assert heard == sales.claimed


async def test_a_client_that_does_not_introduce_itself_is_closed(
    silent: asyncio.Task[int],
) -> None:
    assert await silent == 4408


def through(wire: Wire) -> str:
    return f"{wire.url.replace('http', 'ws', 1)}/graphql"


async def changes(client: Program, how_many: int) -> list[str]:
    """The customers of the next changes, whatever the connection does."""
    heard: list[str] = []
    while len(heard) < how_many:
        heard += customer_of(await client.told())
    return heard


async def until_closed(client: Program, heard: list[str]) -> None:
    while (told := await client.told()) != "closed 1006":
        heard += customer_of(told)


def customer_of(told: Any) -> list[str]:
    if isinstance(told, str):
        assert told.partition(" ")[0] in ("connecting", "connected", "closed"), told
        return []
    assert told["kind"] == "CLAIMED", told
    return [told["customer"]["id"]]
