"""What one client may do below GraphQL: raw sockets against the real uvicorn."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from schema.connections import http_protocol, limits
from schema.connections.limits import LONGEST_HEAD, MOST_HEADERS
from settings import Settings
from tests.support.raw import raw
from tests.support.running import Client, api_in_process
from tests.support.samples import Office

HEALTHY = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
METRICS = HEALTHY.replace(b"livez", b"metrics")
POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Authorization: Bearer TOKEN\r\nTransfer-Encoding: chunked\r\n\r\n"
SOON = 0.2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines of SOON in place of seconds."""
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "REST_SECONDS", "CLOSE_SECONDS"):
        monkeypatch.setattr(limits, name, SOON)
    monkeypatch.setattr(limits, "SWEEP_SECONDS", SOON / 4)
    monkeypatch.setattr("commands.serve.KEEP_ALIVE_SECONDS", SOON)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"x" * LONGEST_HEAD,
        b"GET /livez HTTP/1.1\r\nX: " + b"x" * (LONGEST_HEAD + 8192),
        HEALTHY[:-2] + b"X: " + b"x" * LONGEST_HEAD + b"\r\n\r\n",
        HEALTHY[:-2] + b"X: x\r\n" * MOST_HEADERS + b"\r\n",
        HEALTHY[:-2] + b"X: x\r\n" * (MOST_HEADERS + 1),
        CHUNKED + b"1;" + b"x" * (LONGEST_HEAD + 8192),
        CHUNKED + b"0\r\nX: " + b"x" * (LONGEST_HEAD + 8192),
        CHUNKED + b"0\r\n" + b"X: x\r\n" * MOST_HEADERS,
    ],
    ids=["url", "endless", "long", "many", "more", "chunk", "trailer", "many trailers"],
)
async def test_a_head_that_is_too_large_is_refused_and_closed(
    api: Client, office: Office, head: bytes
) -> None:
    token = api.token((await office.person()).member)
    async with raw(api) as connection:
        await connection.send(head.replace(b"TOKEN", token.encode()))
        status, body = await connection.answer()
        assert status == 431
        (error,) = json.loads(body)["errors"]
        assert "32768 bytes and 100 headers at most" in error["message"]
        assert await connection.end() == b""


async def test_a_head_within_the_limits_is_served(api: Client) -> None:
    async with raw(api) as connection:
        wide = HEALTHY[:-2] + b"X: x\r\n" * (MOST_HEADERS - 1) + b"\r\n"
        long = HEALTHY[:-2] + b"X: " + b"x" * (LONGEST_HEAD - 100) + b"\r\n\r\n"
        await connection.send(wide, long)
        assert [await connection.status() for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    "begun", [b"GET /li", b"GET /livez HTTP/1.1\r\nHost:", POST + b"Content-Length: 9\r\n\r\n{"]
)
async def test_a_request_that_does_not_arrive_is_closed_in_time(
    impatient: None, api: Client, begun: bytes
) -> None:
    async with raw(api) as connection:
        await connection.send(begun)
        answered = await connection.end()
        assert answered.startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 401 "))


@pytest.mark.parametrize("begun", [b"", b"\r\n", HEALTHY])
async def test_a_connection_without_a_request_is_closed_in_time(
    impatient: None, api: Client, begun: bytes
) -> None:
    async with raw(api) as connection:
        await connection.send(begun)
        if begun == HEALTHY:
            assert await connection.status() == 200
        assert await connection.end() == b""


async def test_empty_lines_do_not_keep_a_connection_open(impatient: None, api: Client) -> None:
    async with raw(api) as connection:
        ended = asyncio.create_task(connection.end())
        while not ended.done():
            with contextlib.suppress(ConnectionError):
                await connection.send(b"\r\n")
            await asyncio.sleep(SOON / 10)
        assert ended.result() == b""


def posted(token: str, query: str) -> tuple[bytes, bytes]:
    body = json.dumps({"query": query}).encode()
    head = f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    return POST + f"{head}Content-Length: {len(body)}\r\n\r\n".encode(), body


async def test_a_body_that_stands_still_is_told_so(
    impatient: None, api: Client, office: Office
) -> None:
    head, body = posted(api.token((await office.person()).member), "{ viewer { id } }")
    async with raw(api) as connection:
        await connection.send(head, body[:5])
        status, answer = await connection.answer()
        assert (status, await connection.end()) == (408, b"")
        assert "16384 bytes of its body a second" in json.loads(answer)["errors"][0]["message"]


async def test_a_steady_upload_is_given_its_time(
    impatient: None, api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SLOWEST_BODY", 20)
    head, body = posted(api.token((await office.person()).member), "{ viewer { id } }" + " " * 100)
    began = asyncio.get_running_loop().time()
    async with raw(api) as connection:
        await connection.send(head)
        for start in range(0, len(body), 10):
            await connection.send(body[start : start + 10])
            await asyncio.sleep(SOON / 4)
        assert await connection.status() == 200
    assert asyncio.get_running_loop().time() - began > 2 * SOON


async def test_who_does_not_read_an_answer_is_cut_off(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANSWER_SECONDS", SOON)
    monkeypatch.setattr(limits, "SWEEP_SECONDS", SOON / 4)
    async with raw(api) as connection:
        connection.writer.transport.pause_reading()  # type: ignore[attr-defined]
        async with asyncio.timeout(20):
            with pytest.raises(ConnectionError):
                await connection.send(*[METRICS * 20] * 10_000)


async def test_who_reads_answers_late_gets_all_of_them(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused, original = asyncio.Event(), http_protocol.HttpProtocol.pause_writing

    def note(self: http_protocol.HttpProtocol) -> None:
        paused.set()
        original(self)

    monkeypatch.setattr(http_protocol.HttpProtocol, "pause_writing", note)
    async with raw(api, receive_buffer=4096) as connection:
        connection.writer.transport.pause_reading()  # type: ignore[attr-defined]
        # 6 MB: more than the buffers of both sockets hold.
        asking = asyncio.create_task(connection.send(METRICS * 200))
        async with asyncio.timeout(20):
            await paused.wait()
        connection.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert [await connection.status() for _ in range(200)] == [200] * 200
        await asking


async def test_pipelined_requests_are_answered_in_order(api: Client) -> None:
    async with raw(api) as connection:
        missing = HEALTHY.replace(b"livez", b"nowhere")
        await connection.send((HEALTHY + missing) * 200)
        answered = [await connection.status() for _ in range(400)]
        assert answered == [200, 404] * 200


async def test_ten_thousand_pipelined_requests_are_not_read_before_their_turn(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = 0
    original = http_protocol.HttpProtocol.on_response_complete

    def note(self: http_protocol.HttpProtocol) -> None:
        nonlocal longest
        longest = max(longest, len(self.pipeline))
        original(self)

    monkeypatch.setattr(http_protocol.HttpProtocol, "on_response_complete", note)
    async with raw(api) as connection:
        sending = asyncio.create_task(connection.send(HEALTHY * 10_000))
        for _ in range(10_000):
            assert await connection.status() == 200
        await sending
    assert 0 < longest < 4096 / len(HEALTHY)


async def test_a_body_is_never_read_as_a_request(api: Client) -> None:
    """Behind a proxy that passes Upgrade on, it would be answered to somebody else."""
    async with raw(api) as connection:
        head = POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
        await connection.send(head + b"Content-Length: %d\r\n\r\n" % len(HEALTHY))
        assert await connection.status() == 401
        with contextlib.suppress(ConnectionError):
            await connection.send(HEALTHY)
        assert await connection.end() == b""


async def test_nothing_behind_an_upgrade_is_read_as_a_request(api: Client) -> None:
    upgrade = (
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    async with raw(api) as connection:
        await connection.send(upgrade + HEALTHY * 400)
        answered = await connection.reader.readuntil(b"\r\n\r\n")
        assert answered.startswith(b"HTTP/1.1 101 ")
        await connection.send(HEALTHY)  # No frame: the websocket is closed.
        assert b"HTTP/1.1" not in await connection.end()


async def test_a_websocket_needs_a_connection_of_its_own(api: Client) -> None:
    async with raw(api) as connection:
        upgrade = b"GET /graphql HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        await connection.send(POST + b"Content-Length: 9\r\n\r\n123456789" + upgrade)
        assert await connection.end() == b""


@pytest_asyncio.fixture
async def small(settings: Settings, database: None) -> AsyncIterator[Client]:
    limits = {"connections_per_address": 10}
    async with api_in_process(settings.model_copy(update=limits)) as client:
        yield client


async def test_an_address_has_a_limited_number_of_connections(small: Client) -> None:
    async with contextlib.AsyncExitStack() as stack:
        held = [await stack.enter_async_context(raw(small)) for _ in range(10)]
        for each in held:
            await each.send(HEALTHY)
            assert await each.status() == 200
        async with raw(small) as another:
            status, body = await another.answer()
            assert (status, await another.end()) == (503, b"")
            assert "Too many connections" in json.loads(body)["errors"][0]["message"]
        held[0].writer.close()
        await held[0].writer.wait_closed()
        async with raw(small) as again:
            await again.send(HEALTHY)
            assert await again.status() == 200


async def test_a_trusted_proxy_has_as_many_as_it_needs(settings: Settings, database: None) -> None:
    limits = {"connections_per_address": 10, "trusted_proxies": ("127.0.0.1",)}
    trusting = api_in_process(settings.model_copy(update=limits))
    async with trusting as api, contextlib.AsyncExitStack() as stack:
        for _ in range(20):
            each = await stack.enter_async_context(raw(api))
            await each.send(HEALTHY)
            assert await each.status() == 200


async def test_a_request_that_arrives_while_the_loop_is_late_is_answered(
    settings: Settings, database: None, impatient: None
) -> None:
    async with api_in_process(settings) as api, raw(api) as connection:
        await connection.send(HEALTHY)
        assert await connection.status() == 200
        time.sleep(3 * SOON)  # noqa: ASYNC251
        # Behind the loop's look at its sockets, and before what was due to happen.
        asyncio.get_running_loop().call_soon(connection.writer.write, HEALTHY)
        assert await connection.status() == 200
