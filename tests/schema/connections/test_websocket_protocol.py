"""What one websocket, one member and one address may do; on real sockets."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from models.ownership import claims
from schema.connections.limits import BURST, BURST_BEFORE, LARGEST_BEFORE
from settings import Settings
from tests.support.asking import gid
from tests.support.running import Client, api_in_process
from tests.support.samples import Office, until
from tests.support.sockets import ALERTS, CHANGES, following, knocking, let_in

VIEWER = "{ viewer { id } }"
FAST = json.dumps({"type": "ping"})


def opened(api: Client, **options: Any) -> connect:
    return connect(api.ws_url, subprotocols=["graphql-transport-ws"], **options)  # type: ignore[list-item]


async def close_of(connection: ClientConnection) -> tuple[int | None, str | None]:
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(10):
            while True:
                await connection.recv()
    return connection.close_code, connection.close_reason


async def flood(connection: ClientConnection, frames: int, *, pings: bool) -> None:
    with contextlib.suppress(ConnectionClosed):
        for _ in range(frames):
            await (connection.ping() if pings else connection.send(FAST))


@pytest.mark.parametrize("pings", [True, False])
async def test_before_the_token_only_a_few_frames_may_come(api: Client, pings: bool) -> None:
    async with opened(api) as connection:
        await flood(connection, BURST_BEFORE + 5, pings=pings)
        code, reason = await close_of(connection)
        assert code == 1008
        assert reason == (
            "Too many frames: at most 50 a second, 1 before connection_init;"
            " 2 KB count as one more."
        )


@pytest.mark.parametrize("pings", [True, False])
async def test_after_it_a_flood_is_closed_and_ordinary_use_is_not(
    api: Client, office: Office, pings: bool
) -> None:
    async with let_in(api, (await office.person()).member) as socket:
        await flood(socket.connection, BURST // 2, pings=pings)
        await socket.ask(VIEWER)
        while (await socket.message())["type"] != "next":
            pass
        await flood(socket.connection, BURST * 5, pings=pings)
        assert (await close_of(socket.connection))[0] == 1008


async def test_large_frames_count_for_more(api: Client, office: Office) -> None:
    large = json.dumps({"type": "ping", "payload": {"x": ["y" * 60_000] * 4}})
    async with let_in(api, (await office.person()).member) as socket:
        await socket.connection.send(large)
        assert (await socket.message())["type"] == "pong"
        with contextlib.suppress(ConnectionClosed):
            for _ in range(5):
                await socket.connection.send(large)
        assert (await close_of(socket.connection))[0] == 1008


async def test_before_the_token_a_message_is_small(api: Client, office: Office) -> None:
    padding = "x" * LARGEST_BEFORE
    async with opened(api) as connection:
        await connection.send(json.dumps({"type": "connection_init", "payload": {"x": padding}}))
        assert (await close_of(connection))[0] == 1009
    async with let_in(api, (await office.person()).member) as socket:
        await socket.ask(VIEWER, unused=padding)
        assert (await socket.message())["type"] == "next"
        await socket.send(type="ping", payload={"x": "x" * 256 * 1024})
        assert (await close_of(socket.connection))[0] == 1009


async def test_a_handshake_that_is_none_is_closed_at_once(api: Client) -> None:
    host, _, port = api.url.removeprefix("http://").partition(":")
    upgrade = b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    for wrong in (b"Content-Length: 5\r\n", b"X: " + b"x" * 9000 + b"\r\n", b""):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(upgrade + wrong + b"\r\n")
        async with asyncio.timeout(5):
            await reader.read()
        writer.close()


@pytest_asyncio.fixture
async def small(settings: Settings, database: None) -> AsyncIterator[Client]:
    limits = {
        "connections_per_address": 10,
        "connections_per_member": 3,
        "subscriptions_per_member": 4,
        "trusted_proxies": ("127.0.0.1",),
    }
    async with api_in_process(settings.model_copy(update=limits)) as client:
        yield client


async def test_a_member_has_a_limited_number_of_websockets(small: Client, office: Office) -> None:
    li, han = await office.person(), await office.person()
    async with contextlib.AsyncExitStack() as stack:
        held = [await stack.enter_async_context(let_in(small, li.member)) for _ in range(3)]
        async with knocking(small.ws_url, small.token(li.member)) as refused:
            assert await close_of(refused.connection) == (
                4429,
                "At most 3 subscribing connections of a member may be open: close another first.",
            )
        await stack.enter_async_context(let_in(small, han.member))
        await held[0].connection.close()
        await until(lambda: is_let_in(small, small.token(li.member)))


async def is_let_in(client: Client, token: str) -> bool:
    async with knocking(client.ws_url, token) as socket:
        with contextlib.suppress(ConnectionClosed):
            return bool((await socket.message())["type"] == "connection_ack")
    return False


async def test_an_address_behind_a_proxy_has_a_limited_number_of_websockets(small: Client) -> None:
    def forwarded(address: str) -> connect:
        return opened(small, additional_headers={"X-Forwarded-For": address})

    async with contextlib.AsyncExitStack() as stack:
        for host in range(10):
            await stack.enter_async_context(forwarded(f"2001:db8::{host}"))
        async with forwarded("2001:db8::ffff") as refused:
            assert (await close_of(refused))[0] == 4429
        async with forwarded("2001:db8:0:1::1") as other:
            await other.send(FAST)
            assert json.loads(await other.recv()) == {"type": "pong"}


async def test_a_member_has_a_limited_number_of_subscriptions(
    small: Client, office: Office
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    async with let_in(small, li.member) as first, let_in(small, li.member) as second:
        for socket in (first, second):
            await socket.ask(ALERTS)
            await socket.ask(CHANGES, pool=gid("Pool", pool.id))
        await until(lambda: are_followed(small, alerts=2, changes=2))
        for query in (ALERTS, CHANGES):
            await second.ask(query, pool=gid("Pool", pool.id))
            error = await second.error()
            assert error["extensions"] == {"code": "TOO_MANY_SUBSCRIPTIONS"}
            assert "At most 4 subscriptions of a member may be open" in error["message"]
            assert (await second.message())["type"] == "complete"
        async with following(small, han.member) as other:
            await claims.assign(await office.admin(), await office.customer(pool), han.id)
            assert (await other.next())["kind"] == "ASSIGNED"
        await first.connection.close()
        await until(lambda: are_followed(small, alerts=1, changes=1))
        await second.ask(ALERTS)
        await until(lambda: are_followed(small, alerts=2, changes=1))


async def are_followed(client: Client, *, alerts: int, changes: int) -> bool:
    text = (await client.http.get(f"{client.url}/metrics")).text
    counts = {"releaseAlerts": alerts, "poolChanges": changes}
    return all(
        f'seapool_subscribers{{subscription="{name}"}} {float(count)}' in text
        for name, count in counts.items()
    )
