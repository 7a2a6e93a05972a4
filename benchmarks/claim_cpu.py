"""Whose CPU a claim over HTTP takes: the server's, PostgreSQL's, Valkey's and the client's.

Seapool and the peers on Node claim in turns, 16 at once. `ROUNDS=5` before it for less.
"""

import contextlib
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import cycle, islice

import psutil

from benchmarks import cpu
from benchmarks.ground import ground
from benchmarks.lean_client import request, send_all
from benchmarks.operations import ON_NODE, OURS, grown, operations_of
from benchmarks.peers import node
from benchmarks.serving import API, Server, running
from benchmarks.turns import AT_ONCE, WARMING, Operation, machine_load, spread

ROUNDS = int(os.environ.get("ROUNDS", "15"))
ASKED = 320
KINDS = ("server", "PostgreSQL", "Valkey", "client")
Round = Mapping[str, float]


async def main() -> None:
    commands = {OURS: API} | {name: node.command_of(name) for name in ON_NODE}
    print(f"load before: {machine_load()}")
    async with ground() as settings:
        pool, team, free = await grown(len(commands) * (ROUNDS + WARMING) * ASKED)
        claim = operations_of(settings, pool, team, free)[2]
        with contextlib.ExitStack() as stack:
            servers = {
                name: stack.enter_context(running(command, settings))
                for name, command in commands.items()
                if command
            }
            rounds: dict[str, list[Round]] = defaultdict(list)
            for n in range(-WARMING, ROUNDS):
                for name in list(servers)[:: 1 if n % 2 else -1]:
                    found = await _round(servers[name], claim)
                    if n >= 0:
                        rounds[name].append(found)
    print(f"load after: {machine_load()}; ms of CPU for a claim, medians of {ROUNDS} rounds")
    for name, each in rounds.items():
        _print(name, each, rounds[OURS])


async def _round(server: Server, claim: Operation) -> Round:
    """Return the ms of CPU of each kind for a claim, and claims a second."""
    requests = [request(token, claim.body()) for token in islice(cycle(claim.tokens), ASKED)]
    before, began = cpu.seconds_of_all(), time.perf_counter()
    answers = await send_all(server.port, AT_ONCE, requests)
    seconds = time.perf_counter() - began
    spent: defaultdict[str, float] = defaultdict(float)
    for id, now in cpu.seconds_of_all().items():
        spent[_kind(id, server)] += (now - before.get(id, 0.0)) / ASKED * 1000
    assert all(b'"Claimed"' in each for each in answers)
    spent["all"] = sum(spent[kind] for kind in KINDS)
    return spent | {"a second": ASKED / seconds}


def _kind(id: int, server: Server) -> str:
    if id in (server.process.pid, os.getpid()):
        return "server" if id == server.process.pid else "client"
    with contextlib.suppress(psutil.NoSuchProcess):
        name = psutil.Process(id).name()
        if name.startswith(("postgres", "valkey")):
            return "PostgreSQL" if name.startswith("postgres") else "Valkey"
    return "another server"


def _print(name: str, rounds: list[Round], ours: list[Round]) -> None:
    middle = {kind: statistics.median(each[kind] for each in rounds) for kind in rounds[0]}
    parts = "  ".join(f"{kind} {middle.get(kind, 0):.2f}" for kind in (*KINDS, "all"))
    ratio = spread(one["all"] / own["all"] for one, own in zip(rounds, ours, strict=True))
    print(f"{name:14}{middle['a second']:6.0f} a second  {parts}  beside ours {ratio}", end="")
    speed = spread(one["a second"] / own["a second"] for one, own in zip(rounds, ours, strict=True))
    print(f", speed {speed}")
