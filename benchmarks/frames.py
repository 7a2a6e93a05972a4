"""What floods of valid websocket frames cost a second client: the longest answer of `/livez`."""

import asyncio
import contextlib
import itertools
import json
import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from benchmarks.connections import HEALTHY, api
from benchmarks.ground import ground, sales_team
from commands.tokens import sign
from models.rules.rules import Rules

SECONDS = 3.0
SOCKETS = (1, 10)
LARGE = {"query": "{ viewer { id } }", "variables": {"unused": ["abcdef"] * 3_000}}
# A payload as its text.
PAYLOADS = {
    "queries": json.dumps({"query": "{ viewer { id name } }"}),
    "queries of 30 KB": json.dumps(LARGE),
    "wrong queries": json.dumps({"query": "{ " + " ".join(f"a{n}" for n in range(500)) + " }"}),
}


async def main() -> None:
    async with ground() as settings, api(settings) as port:
        _, team = await sales_team(max(SOCKETS), 100, Rules.from_json({"capacity": 10}))
        tokens = [sign(settings, each.id, each.organization.id) for each in team]
        print("longest answer of /livez beside frames, as many as the socket takes:")
        for (name, payload), sockets in itertools.product(PAYLOADS.items(), SOCKETS):
            with _sending(port, tokens[:sockets], payload):
                longest = await _longest(port)
            print(f"  {name:20} {sockets:3} sockets {1000 * longest:6.0f} ms", flush=True)


@contextlib.contextmanager
def _sending(port: int, tokens: list[str], payload: str) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    senders: list[BaseProcess] = [
        context.Process(target=_send, args=(port, token, payload)) for token in tokens
    ]
    for each in senders:
        each.start()
    try:
        yield
    finally:
        for each in senders:
            each.kill()
            each.join()


def _send(port: int, token: str, payload: str) -> None:
    """Send operations without waiting for answers; begin anew when the socket is closed."""
    hello = {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}
    while True:
        with (
            contextlib.suppress(WebSocketException, OSError, EOFError),
            connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-transport-ws"]) as ws,  # type: ignore[list-item]
        ):
            ws.send(json.dumps(hello))
            ws.recv()
            for number in itertools.count():
                ws.send(f'{{"type":"subscribe","id":"{number}","payload":{payload}}}')


async def _longest(port: int) -> float:
    longest, ends = 0.0, time.perf_counter() + SECONDS
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (began := time.perf_counter()) < ends:
        writer.write(HEALTHY)
        await reader.readuntil(b"ok\n")
        longest = max(longest, time.perf_counter() - began)
        await asyncio.sleep(0.005)
    writer.close()
    return longest


if __name__ == "__main__":
    asyncio.run(main())
