"""How long one change of a pool takes to all who watch it, and what it costs the server's process.

The watchers are members of their own, in processes beside the server. Mercurius tells as many, in
turns; where Node is missing, it says so. `SIZES=1000 ROUNDS=3` before it for less. An alert has one
reader, so we alone are measured.
"""

import asyncio
import json
import os
import statistics
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from benchmarks.crowds import Crowd, gathered
from benchmarks.ground import ground
from benchmarks.lean_client import Client
from benchmarks.peers import node
from benchmarks.serving import API, running
from benchmarks.turns import machine_load, round_trip_seconds, spread
from benchmarks.watchers import Turn, Watched, watched
from models.ownership import claims
from schema.base import ids

SIZES = tuple(map(int, os.environ.get("SIZES", "300,1000,5000").split(",")))
ALERTED = (300, 1_000)
ROUNDS = int(os.environ.get("ROUNDS", "9"))
# Events of a turn; and those before, for V8 compiles what has run often.
EVENTS = 10
WARMING = 4
OURS = "seapool"
PEER = "mercurius"
# Of twice the size, the space for new objects costs Mercurius 7 % less CPU.
YOUNG = "--max-semi-space-size=32"
LIMITS = {"SEAPOOL_CONNECTIONS_PER_ADDRESS": "20000"}
CHANGES = """subscription ($pool: ID!) { poolChanges(poolId: $pool) {
  cursor kind at customer { id name level openedAt contact { person phone masked }
    owner { id name } } } }"""
ALERTS = (
    "subscription { releaseAlerts { cursor kind reason at read message customer { id name } } }"
)
CLAIM = "mutation ($id: ID!) { claimCustomer(customerId: $id) { __typename } }"
GIVE_BACK = """mutation ($id: ID!) { releaseCustomer(customerId: $id, reason: "bench") {
  __typename } }"""

Commands = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Stage:
    """A server, the watchers of a pool, and a customer who is claimed there and given back."""

    watched: Watched
    claimer: str
    customer: str
    is_held: bool = False

    async def turn(self, events: int) -> Turn:
        # A server closes connections that are idle during the other one's turn.
        client = await Client.connect(self.watched.server.port)
        try:
            return await self.watched.turn(partial(self._change, client), events)
        finally:
            client.close()

    async def _change(self, client: Client) -> None:
        body = {"query": GIVE_BACK if self.is_held else CLAIM, "variables": {"id": self.customer}}
        answer = await client.post(self.claimer, body)
        assert b'"Claimed"' in answer or b'"Released"' in answer, answer
        self.is_held = not self.is_held


async def main() -> None:
    os.environ |= LIMITS
    found = node.command_of(PEER, YOUNG)
    commands = {OURS: API} | ({PEER: found} if found else {})
    free = sum(ALERTED) * (WARMING + EVENTS)
    print(f"load before: {machine_load()}")
    async with ground() as settings:
        members = max(SIZES + ALERTED)
        crowd = await gathered(settings, pool_count=len(commands), members=members, free=free)
        await _check_the_same(crowd, commands)
        print(f"{ROUNDS} rounds of {EVENTS} changes; CPU of the server for each watcher:")
        for size in SIZES:
            await _changes(crowd, commands, size)
        for size in ALERTED:
            await _alerts(crowd, size)
    print(f"load after: {machine_load()}")


async def _check_the_same(crowd: Crowd, commands: Commands) -> None:
    """Each server tells a watcher of one pool the same, to the letter, of changes by the first."""
    async with AsyncExitStack() as stack:
        stages = [await _stage(stack, crowd, each, 0, size=1) for each in commands.values()]
        for _ in range(2):
            told = [json.loads((await stages[0].turn(1)).message)]
            told += [json.loads((await each.watched.told())[1]) for each in stages[1:]]
            assert all(each == told[0] for each in told), f"they tell otherwise: {told}"


async def _changes(crowd: Crowd, commands: Commands, size: int) -> None:
    turns: dict[str, list[Turn]] = {name: [] for name in commands}
    async with AsyncExitStack() as stack:
        stages = {
            name: await _stage(stack, crowd, command, n, size=size)
            for n, (name, command) in enumerate(commands.items())
        }
        for stage in stages.values():
            await stage.turn(WARMING)
        for n in range(ROUNDS):
            for name in list(commands)[:: 1 if n % 2 else -1]:
                turns[name].append(await stages[name].turn(EVENTS))
    trip = round_trip_seconds(turns[OURS][0].message)
    for name, each in turns.items():
        _print(f"one change to {size:5}", name, size, each, trip)
        if name != OURS:
            _print_ratios(each, turns[OURS])


async def _stage(
    stack: AsyncExitStack, crowd: Crowd, command: Sequence[str], n: int, *, size: int
) -> Stage:
    """Start a server and so many watchers of the pool of this number."""
    pool, customer = crowd.watched[n]
    asked = {"query": CHANGES, "variables": {"pool": ids.encode("Pool", pool)}}
    server = stack.enter_context(running(command, crowd.settings))
    tokens = list(map(crowd.token, crowd.members[:size]))
    watchers = stack.enter_context(watched(server, tokens, asked))
    return Stage(watchers, crowd.token(crowd.claimer), ids.encode("Customer", customer))


async def _alerts(crowd: Crowd, size: int) -> None:
    members = crowd.members[:size]
    tokens = list(map(crowd.token, members))

    async def assign() -> None:
        """By this process, not by the API."""
        boss = crowd.boss
        await asyncio.gather(*(claims.assign(boss, crowd.free.pop(), id) for id in members))

    with (
        running(API, crowd.settings) as server,
        watched(server, tokens, {"query": ALERTS}) as watchers,
    ):
        await watchers.turn(assign, WARMING)
        turn = await watchers.turn(assign, EVENTS)
    _print(f"an alert for each of {size:5}", OURS, size, [turn], round_trip_seconds(turn.message))


def _print(what: str, name: str, size: int, turns: Sequence[Turn], trip: float) -> None:
    """Print the medians."""
    late = statistics.median(seconds for turn in turns for seconds in turn.late)
    cpu = statistics.median(turn.cpu for turn in turns) / size
    print(
        f"  {what:26} {name:10} {1000 * late:7.0f} ms {1e6 * cpu:7.1f} µs"
        f" {cpu / trip:6.1f} round trips of {len(turns[0].message)} bytes",
        flush=True,
    )


def _print_ratios(turns: Sequence[Turn], ours: Sequence[Turn]) -> None:
    """Print by how much it is dearer than ours of the same round, with the quartiles."""
    pairs = list(zip(turns, ours, strict=True))
    times = [[statistics.median(turn.late) for turn in pair] for pair in pairs]
    by_time = spread(one / other for one, other in times)
    by_cpu = spread(one.cpu / other.cpu for one, other in pairs)
    print(f"    beside ours: {by_time} of the time, {by_cpu} of the CPU", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
