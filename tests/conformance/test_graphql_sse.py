"""graphql-sse's own client, in its distinct connections mode: no event missed, none repeated."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest_asyncio

from settings import Settings
from tests.conformance.conftest import Start
from tests.conformance.sales import Sales
from tests.conformance.test_graphql_ws import changes
from tests.support.asking import CLAIM, customer_gid
from tests.support.node_program import Program
from tests.support.running import Process, Processes
from tests.support.wire import wire_to

OPENED = ["connecting", "connected"]


@pytest_asyncio.fixture
async def client(node: Start) -> AsyncIterator[Program]:
    async with node("graphql_sse.mjs") as program:
        yield program


async def test_queries_mutations_and_refusals_are_answered_and_complete(
    client: Program, sales: Sales
) -> None:
    await client.call("connect", sales.api.graphql_url, sales.token)
    (viewer,) = await client.call("ask", "{ viewer { name } }")
    assert viewer == {"data": {"viewer": {"name": sales.name}}}
    (claim,) = await client.call("ask", CLAIM, {"customer": customer_gid(sales.customers[0])})
    assert claim["data"]["claimCustomer"]["__typename"] == "Claimed"
    for document in ("{ nothingOfTheKind }", "subscription { nothingOfTheKind }"):
        (refused,) = await client.call("ask", document)
        assert "Cannot query field 'nothingOfTheKind'" in refused["errors"][0]["message"]


async def test_one_stream_for_all_operations_is_refused(client: Program, sales: Sales) -> None:
    """See docs/decisions/0015-event-streams-in-distinct-mode.md."""
    assert await client.call("reserve", sales.api.graphql_url, sales.token) == 405


async def test_a_stream_that_is_cut_misses_and_repeats_nothing(
    client: Program, sales: Sales
) -> None:
    async with wire_to(sales.api.url) as wire:
        await client.call("connect", f"{wire.url}/graphql", sales.token)
        await client.call("follow", sales.pool_id, sales.now)
        assert [await client.told() for _ in OPENED] == OPENED
        await sales.claim(2)
        heard = await changes(client, 2)
        for _ in range(3):
            wire.cut()
            await sales.claim(3)
            wire.mend()
            heard += await changes(client, 3)
        assert heard == sales.claimed
        await client.call("stop")
        while (told := await client.told()) != "complete":
            assert told in OPENED


async def test_a_stream_goes_on_at_another_process_when_its_own_ends(
    client: Program, sales: Sales, api_process: Process, settings: Settings, tmp_path: Path
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        old = await Processes(settings, tmp_path, stack).api()
        wire = await stack.enter_async_context(wire_to(old.url))
        await client.call("connect", f"{wire.url}/graphql", sales.token)
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
