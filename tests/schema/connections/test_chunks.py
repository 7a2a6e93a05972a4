"""What writes to an answer that lasts, on a real connection."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from socket import IPPROTO_TCP
from typing import cast

import pytest_asyncio
from uvicorn.protocols.http.flow_control import FlowControl

from schema.connections.chunks import USER_TIMEOUT, ChunkWriter, chunk


@pytest_asyncio.fixture
async def both() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.Transport]]:
    """What a client reads, and the server's side."""
    accepted: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
    server = await asyncio.start_server(lambda _, writer: accepted.set_result(writer), "127.0.0.1")
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        # The loop's own class has the methods of asyncio's, but is none of its kind.
        transport = cast(asyncio.Transport, (await accepted).transport)
        yield reader, transport
        writer.close()
        transport.abort()


async def test_a_chunk_is_written_whole_or_not_at_all(
    both: tuple[asyncio.StreamReader, asyncio.Transport],
) -> None:
    reader, transport = both
    flow = FlowControl(transport)
    chunks = ChunkWriter(transport, flow)
    assert chunks.write(chunk("公海".encode()))
    flow.pause_writing()
    assert not chunks.write(chunk(b"not this"))
    flow.resume_writing()
    assert chunks.write(chunk(b"and"))
    expected = b"6\r\n%b\r\n3\r\nand\r\n" % "公海".encode()
    assert await reader.readexactly(len(expected)) == expected
    chunks.abort()
    assert not chunks.write(chunk(b"nor this"))
    with contextlib.suppress(ConnectionError):
        assert await reader.read() == b""


async def test_a_silent_peer_is_given_up_by_the_kernel(
    both: tuple[asyncio.StreamReader, asyncio.Transport],
) -> None:
    _, transport = both
    ChunkWriter(transport, FlowControl(transport)).end_where_silent(40)
    assert transport.get_extra_info("socket").getsockopt(IPPROTO_TCP, USER_TIMEOUT) == 40_000
