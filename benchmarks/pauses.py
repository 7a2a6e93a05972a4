"""The longest pause of `/livez` while one member sends a hostile request, on real uvicorn."""

import asyncio
import contextlib
import multiprocessing
import os
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection

import httpx2

from benchmarks import hostile
from benchmarks.ground import admin, ground, sales_team
from benchmarks.serving import serving
from commands.tokens import sign
from models import database
from models.rules.rules import Rules
from schema.base import ids

CUSTOMERS = 300
POLL_SECONDS = 0.005
AT_ONCE = 20
PROBE = b"GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n"


async def main() -> None:
    # The requests shall run: budgets would refuse most of them.
    os.environ["SEAPOOL_MEMBER_BUDGET"] = os.environ["SEAPOOL_ORGANIZATION_BUDGET"] = str(10**9)
    async with ground() as settings:
        pool, team = await sales_team(1, CUSTOMERS, Rules.from_json({"capacity": 1000}))
        rows = await database.rows("SELECT id FROM customer LIMIT 1")
        boss = await admin(team)
        token = sign(settings, boss.id, boss.organization.id)
        names = ids.encode("Pool", pool.id), ids.encode("Customer", rows[0]["id"])
        with serving(settings) as port, polling(port) as poller:
            print("longest pause of /livez beside each request, alone and twenty times at once:")
            sends = [
                ("nothing, for a second", None),
                *hostile.bodies(names[0]),
                *hostile.documents(names[0]),
                *hostile.answers(*names),
            ]
            chosen = os.environ.get("ONLY", "")
            for name, body in sends:
                if chosen in name:
                    content = await asyncio.to_thread(body) if body else None
                    send = partial(_send, port, token, content)
                    # Imports of an organization take turns: a few show it.
                    many = 4 if name.startswith("import") else AT_ONCE
                    pauses = [await _pause(poller, send, times) for times in (1, many)]
                    shown = "".join(f"{1000 * pause:7.0f} ms" for pause in pauses)
                    print(f"  {name:34} {shown}  {await send()}", flush=True)


async def _pause(poller: Connection, send: Callable[[], Awaitable[str]], times: int) -> float:
    """Return the longest pause in seconds while the request is sent so many times at once."""
    poller.send("begin")
    poller.recv()
    await asyncio.gather(*(send() for _ in range(times)))
    poller.send("end")
    return float(await asyncio.to_thread(poller.recv))


async def _send(port: int, token: str, body: bytes | None) -> str:
    """Return the status and the beginning of the answer."""
    if body is None:
        await asyncio.sleep(1)
        return ""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with httpx2.AsyncClient(timeout=120, trust_env=False) as http:
        try:
            url = f"http://127.0.0.1:{port}/graphql"
            answer = await http.post(url, content=body, headers=headers)
        except httpx2.TransportError as fault:
            return repr(fault)
        return f"{answer.status_code} {answer.text[:70]}"


@contextlib.contextmanager
def polling(port: int) -> Iterator[Connection]:
    """A process that polls: "begin" and "end" enclose what its answer is the longest pause of."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_poll, args=(port, theirs))
    process.start()
    try:
        yield ours
    finally:
        process.kill()
        process.join()


def _poll(port: int, asked: Connection) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        while asked.recv() == "begin":
            asked.send("begun")
            longest = 0.0
            while not asked.poll():
                longest = max(longest, _probe(client))
                time.sleep(POLL_SECONDS)
            asked.recv()
            asked.send(longest)


def _probe(client: socket.socket) -> float:
    began = time.perf_counter()
    client.sendall(PROBE)
    answer = b""
    while not answer.endswith(b"ok\n"):
        received = client.recv(4096)
        assert received, answer
        answer += received
    return time.perf_counter() - began
