"""The same operations by several servers in turns: speed, CPU, and ratios with their spread.

A round trip is loads, dumps, loads of a page's answer by the standard library. It and the CPU of an
operation are seconds of one machine in one run, so their ratio holds on any machine. Each round
measures the round trip; the least counts, since other work can only make it longer.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from benchmarks import cpu
from benchmarks.lean_client import Body, request, send_all
from benchmarks.serving import Server

AT_ONCE = 16
TRIPS = 1_000
# Rounds that are not counted: V8 compiles what has run often.
WARMING = 2


@dataclass(frozen=True, slots=True)
class Operation:
    """`body` makes a new request at each call; `tokens` send them in turns."""

    name: str
    tokens: Sequence[str]
    body: Callable[[], Body]


@dataclass(frozen=True, slots=True)
class Figure:
    """One server's operation in one round: requests a second, CPU seconds for each.

    `whole` is the CPU of all processes: the server, PostgreSQL, Valkey and the client.
    """

    speed: float
    cpu: float
    whole: float


Figures = Mapping[tuple[str, str], list[Figure]]


async def measure(
    servers: Mapping[str, Server], operations: Sequence[Operation], *, rounds: int, asked: int
) -> tuple[Figures, float]:
    """Return the figures by (operation, server), a round each, and seconds of a round trip.

    The order of the servers turns about from round to round; the first WARMING rounds do not count.
    """
    figures: dict[tuple[str, str], list[Figure]] = {
        (operation.name, name): [] for operation in operations for name in servers
    }
    trips = []
    for n in range(-WARMING, rounds):
        for operation in operations:
            for name in list(servers)[:: 1 if n % 2 else -1]:
                figure, answer = await _round(servers[name], operation, asked)
                if n >= 0:
                    figures[operation.name, name].append(figure)
                if operation is operations[0]:
                    trips.append(round_trip_seconds(answer))
    return figures, min(trips)


async def _round(server: Server, operation: Operation, asked: int) -> tuple[Figure, bytes]:
    requests = [
        request(token, operation.body()) for token in islice(cycle(operation.tokens), asked)
    ]
    before, whole_before, began = server.cpu_seconds(), cpu.seconds_of_all(), time.perf_counter()
    answers = await send_all(server.port, AT_ONCE, requests)
    seconds, spent = time.perf_counter() - began, server.cpu_seconds() - before
    whole = cpu.seconds_since(whole_before)
    # A refused claim has a message; no measured answer has one.
    wrong = [each for each in answers if b'"data"' not in each or b'"message"' in each]
    assert not wrong, wrong[0]
    return Figure(asked / seconds, spent / asked, whole / asked), answers[0]


def print_figures(figures: Figures, trip: float, ours: str) -> None:
    """Print a line for each operation of each server; its ratios are to ours of the same round."""
    print(f"load after: {machine_load()}; least round trip {1e6 * trip:.0f} µs")
    print("operation            server            a second   CPU ms  round trips", end="")
    print("   speed beside ours    CPU beside ours     CPU of all ms   beside ours")
    for (operation, server), each in figures.items():
        own = figures[operation, ours]
        speed = statistics.median(figure.speed for figure in each)
        spent = statistics.median(figure.cpu for figure in each)
        whole = statistics.median(figure.whole for figure in each)
        speeds = spread(one.speed / other.speed for one, other in zip(each, own, strict=True))
        cpus = spread(one.cpu / other.cpu for one, other in zip(each, own, strict=True))
        wholes = spread(one.whole / other.whole for one, other in zip(each, own, strict=True))
        print(f"{operation:20} {server:18}{speed:8.0f} {1000 * spent:8.2f}", end=" ")
        print(f"{spent / trip:12.1f}   {speeds:17}   {cpus:17} {1000 * whole:13.2f}   {wholes}")


def machine_load() -> str:
    """Say how many processes ran or waited to run in the last minute."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def spread(ratios: Iterable[float]) -> str:
    """Return the median and the quartiles."""
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def round_trip_seconds(answer: bytes) -> float:
    """Return the CPU seconds of one round trip of this answer, on average."""
    began = time.process_time()
    for _ in range(TRIPS):
        json.loads(json.dumps(json.loads(answer)))
    return (time.process_time() - began) / TRIPS
