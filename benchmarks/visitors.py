"""Clients of a real API, each kind in a light process of its own: honest ones, and attackers.

They write prepared bytes and read answers by their length: an HTTP library would be measured too.
Attackers are nice, so that their own work takes no time from the API.
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

NICE = 15


@dataclass
class Paced:
    """What an honest client saw. All times are milliseconds."""

    times: list[float] = field(default_factory=list)
    # By the second in which they were sent: the longest.
    longest: dict[int, float] = field(default_factory=dict)
    # How late the client itself was: the machine's load, no work of the API.
    late: list[float] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def request(token: str, body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    head = (
        "POST /graphql HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def paced(port: int, requests: list[bytes], every: float, wanted: bytes) -> Paced:
    """Send a request every so many seconds, however late the answers; time those that have it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_pace, args=(port, requests, every, wanted, theirs))
    process.start()
    theirs.close()
    try:
        seen: Paced = await asyncio.to_thread(ours.recv)
    finally:
        process.kill()
        process.join()
    return seen


def _pace(port: int, requests: list[bytes], every: float, wanted: bytes, told: Connection) -> None:
    told.send(asyncio.run(_paced(port, requests, every, wanted)))


async def _paced(port: int, requests: list[bytes], every: float, wanted: bytes) -> Paced:
    seen, free = Paced(), Connections(port)
    starts = time.perf_counter() + every

    async def send(n: int, content: bytes) -> None:
        second = int(n * every)
        began = time.perf_counter()
        try:
            status, answer = await free.ask(content)
        except OSError as fault:
            seen.others[repr(fault)] += 1
            return
        if wanted in answer:
            seen.times.append(1000 * (time.perf_counter() - began))
            seen.longest[second] = max(seen.longest.get(second, 0.0), seen.times[-1])
        else:
            seen.others[f"{status} {answer[:150].decode(errors='replace')}"] += 1

    async with asyncio.TaskGroup() as tasks:
        for n, content in enumerate(requests):
            await asyncio.sleep(starts + n * every - time.perf_counter())
            seen.late.append(1000 * (time.perf_counter() - starts - n * every))
            tasks.create_task(send(n, content))
    return seen


@contextlib.contextmanager
def attacking(port: int, clients: list[Callable[[], bytes]]) -> Iterator[Callable[[], Any]]:
    """Each client sends what it makes again and again; yields what stops and counts them."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_attack, args=(port, clients, theirs))
    process.start()
    theirs.close()

    def stop() -> Counter[str]:
        ours.send("end")
        answers: Counter[str] = ours.recv()
        return answers

    try:
        ours.recv()
        yield stop
    finally:
        process.kill()
        process.join()


def _attack(port: int, clients: list[Callable[[], bytes]], asked: Connection) -> None:
    os.nice(NICE)
    asyncio.run(_attack_until_told(port, clients, asked))


async def _attack_until_told(
    port: int, clients: list[Callable[[], bytes]], asked: Connection
) -> None:
    answers: Counter[str] = Counter()
    tasks = [asyncio.create_task(_send(port, make, answers)) for make in clients]
    asked.send("begun")
    await asyncio.to_thread(asked.recv)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    asked.send(answers)


async def _send(port: int, make: Callable[[], bytes], answers: Counter[str]) -> None:
    connections = Connections(port)
    while True:
        try:
            answers[_outcome(*await connections.ask(make()))] += 1
        except OSError as fault:
            answers[type(fault).__name__] += 1
            await asyncio.sleep(0.1)


def _outcome(status: int, answer: bytes) -> str:
    try:
        errors = json.loads(answer).get("errors", [])
    except json.JSONDecodeError:
        return f"HTTP {status}"
    codes = {each["extensions"].get("code", "?") for each in errors}
    return " ".join(sorted(codes)) or "done"


class Connections:
    """Kept alive, each with one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, content: bytes) -> tuple[int, bytes]:
        while self._free and self._free[-1][0].at_eof():
            self._free.pop()[1].close()
        if not self._free:
            self._free.append(await asyncio.open_connection("127.0.0.1", self._port))
        reader, writer = self._free.pop()
        writer.write(content)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            answer = await reader.readexactly(int(length))
        except asyncio.IncompleteReadError as cut:
            raise ConnectionResetError from cut
        self._free.append((reader, writer))
        return int(head.split()[1]), answer
