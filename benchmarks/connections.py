"""What floods below GraphQL cost a second client: the longest answer of `/livez` beside each."""

import asyncio
import contextlib
import json
import multiprocessing
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.ground import admin, ground, sales_team
from commands.tokens import sign
from engines.child import environment_of
from engines.process import die_with_parent
from models.database import rows
from models.ownership import claims, releases
from models.rules.rules import Rules
from schema.base import ids
from settings import Settings

MANAGE = Path(__file__).parents[1] / "manage.py"
HEALTHY = b"GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n"
CHUNKED = b"POST /graphql HTTP/1.1\r\nHost: bench\r\nTransfer-Encoding: chunked\r\n\r\n"
UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
MASK = b"\0\0\0\0"
PING, TEXT, PART, NEXT = b"\x89\x80", b"\x81\x81", b"\x01\x80", b"\x00\x80"
LONG = b"\x81\xff"
FLOODS = {
    "nothing": (b"", b""),
    "40,000 pipelined requests": (b"", b"GET /livez HTTP/1.1\r\n\r\n" * 40_000),
    "170,000 chunks of a byte": (CHUNKED, b"1\r\na\r\n" * 170_000),
    "500,000 headers": (b"GET / HTTP/1.1\r\n", b"a: b\r\n" * 500_000),
    "a header of 50 MB": (b"GET / HTTP/1.1\r\na: ", b"b" * 50_000_000),
    "a trailer of 20 MB": (CHUNKED + b"0\r\na: ", b"b" * 20_000_000),
    "170,000 pings": (UPGRADE, (PING + MASK) * 170_000),
    "100,000 messages of a byte": (UPGRADE, (TEXT + MASK + b"1") * 100_000),
    "170,000 empty fragments": (UPGRADE, PART + MASK + (NEXT + MASK) * 170_000),
    "a message of 250 KB": (
        UPGRADE,
        b"\x81\xff" + struct.pack("!Q", 250_000) + MASK + b"[" * 250_000,
    ),
}
SUBSCRIBE = "subscription ($id: ID!) { poolChanges(poolId: $id) { cursor kind customer { id } } }"


async def main() -> None:
    async with ground() as settings, api(settings) as port:
        print("longest answer of /livez beside a flood:")
        for name, (head, flood) in FLOODS.items():
            await _beside(port, name, head, flood)
        await _half_open(port)
        await _one_token(settings, port)


async def _beside(port: int, name: str, head: bytes, flood: bytes) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_send, args=(port, head, flood))
    process.start()
    longest = 0.0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while process.is_alive():
        began = time.perf_counter()
        writer.write(HEALTHY)
        await reader.readuntil(b"ok\n")
        longest = max(longest, time.perf_counter() - began)
        await asyncio.sleep(0.005)
    writer.close()
    print(f"  {name:28} {1000 * longest:6.0f} ms", flush=True)


def _send(port: int, head: bytes, flood: bytes) -> None:
    """Send, and read nothing, for three seconds at most."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 3) as client:
        client.sendall(head)
        if head == UPGRADE:
            client.recv(4096)
        client.sendall(flood)
        time.sleep(1)


async def _half_open(port: int) -> None:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(900)]
    began = time.perf_counter()
    for _, writer in opened:
        writer.write(HEALTHY[:20])
    await asyncio.gather(*(reader.read() for reader, _ in opened))
    print(f"900 half-open requests were closed after {time.perf_counter() - began:.1f} s")


async def _one_token(settings: Settings, port: int) -> None:
    pool, (li,) = await sales_team(1, 100, Rules.from_json({"capacity": 10}))
    boss = await admin([li])
    (customer,) = (await rows("SELECT id FROM customer LIMIT 1"))[0].values()
    await claims.assign(boss, customer, li.id)
    token = sign(settings, li.id, boss.organization.id)
    asked = {"query": SUBSCRIBE, "variables": {"id": ids.encode("Pool", pool.id)}}
    async with contextlib.AsyncExitStack() as stack:
        sockets = [s for _ in range(1000) if (s := await _let_in(stack, port, token))]
        for number, each in enumerate(sockets * 5):
            message = {"type": "subscribe", "id": str(number), "payload": asked}
            await each.send(json.dumps(message))
        await asyncio.sleep(2)
        hearing = [asyncio.create_task(_hear(each)) for each in sockets]
        await asyncio.sleep(1)
        began = time.perf_counter()
        await releases.give_back(li, customer, "bench")
        await asyncio.sleep(3)
        for each in hearing:
            each.cancel()
        heard = [at for each in await asyncio.gather(*hearing) for at in each if at > began]
    print(f"of 1,000 websockets of one token {len(sockets)} were let in; a release reached their")
    print(f"{len(heard)} subscriptions within {max(heard) - began:.2f} s")


async def _let_in(stack: contextlib.AsyncExitStack, port: int, token: str) -> Any:
    opened = await stack.enter_async_context(
        connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-transport-ws"])  # type: ignore[list-item]
    )
    payload = {"Authorization": f"Bearer {token}"}
    with contextlib.suppress(ConnectionClosed):
        await opened.send(json.dumps({"type": "connection_init", "payload": payload}))
        await opened.recv()
        return opened


async def _hear(opened: Any) -> list[float]:
    """When each change came."""
    heard = []
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            message = json.loads(await opened.recv())
            if message["type"] == "next" and message["payload"].get("data"):
                heard.append(time.perf_counter())
    return heard


@contextlib.asynccontextmanager
async def api(settings: Settings) -> AsyncIterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(MANAGE),
        "api",
        env=os.environ | environment_of(settings) | {"SEAPOOL_PORT": str(port)},
        stdout=asyncio.subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        while not await _answers(port):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
