"""How long one change of a pool takes to all who watch it, and what it costs the API process.

The watchers are members of their own, in processes beside the API. A round trip is loads, dumps,
loads of one message by the standard library.
"""

import asyncio
import json
import multiprocessing
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

import psutil

from benchmarks.ground import admin, ground, sales_team
from benchmarks.lean_client import Client
from benchmarks.lean_watchers import watch
from benchmarks.serving import serving
from commands.tokens import sign
from models import database
from models.ownership import claims
from models.pools import access
from models.rules.rules import Rules
from models.viewers import Viewer
from schema.base import ids

SIZES = (300, 1_000, 5_000)
EVENTS = 10
CUSTOMERS = 1 + (2 + EVENTS) * (300 + 1_000)
READERS = 2
LIMITS = {"SEAPOOL_CONNECTIONS_PER_ADDRESS": "20000"}
MEMBERS = """
INSERT INTO member (organization_id, name, email, role)
SELECT $1, 'Watcher ' || n, 'watcher' || n || '@bench.test', 'SALES'
FROM generate_series(1, $2::int) AS n RETURNING id
"""
CHANGES = """subscription ($pool: ID!) { poolChanges(poolId: $pool) {
  cursor kind at customer { id name level openedAt contact { person phone masked }
    owner { id name } } } }"""
ALERTS = (
    "subscription { releaseAlerts { cursor kind reason at read message customer { id name } } }"
)
CLAIM = "mutation ($id: ID!) { claimCustomer(customerId: $id) { __typename } }"
GIVE_BACK = """mutation ($id: ID!) { releaseCustomer(customerId: $id, reason: "bench") {
  __typename } }"""


async def main() -> None:
    os.environ |= LIMITS
    async with ground() as settings:
        pool, team = await sales_team(1, CUSTOMERS, Rules.from_json({"capacity": 1_000}))
        boss = await admin(team)
        watchers = await _hired(boss, team[0].id, pool.id)
        rows = await database.rows("SELECT id FROM customer ORDER BY id")
        customers = [row["id"] for row in rows]
        tokens = [sign(settings, id, boss.organization.id) for id in watchers]
        claimer = sign(settings, team[0].id, boss.organization.id)
        customer = ids.encode("Customer", customers.pop())
        changes = {"query": CHANGES, "variables": {"pool": ids.encode("Pool", pool.id)}}
        print("until the last watcher has it; CPU of the API process for each watcher:")
        for size in SIZES:
            with serving(settings) as port, _watching(port, tokens[:size], changes) as readers:
                client = await Client.connect(port)
                await _measure(
                    f"one change to {size:5}",
                    size,
                    readers,
                    partial(_change, client, claimer, customer),
                )
                client.close()
        for size in SIZES[:2]:
            with (
                serving(settings) as port,
                _watching(port, tokens[:size], {"query": ALERTS}) as readers,
            ):
                assign = partial(_assign, boss, customers, watchers[:size])
                await _measure(f"an alert for each of {size:5}", size, readers, assign)


async def _change(client: Client, token: str, customer: str, n: int) -> None:
    """Claim the customer, or give it back."""
    body = {"query": GIVE_BACK if n % 2 else CLAIM, "variables": {"id": customer}}
    answer = await client.post(token, body)
    assert b'"Claimed"' in answer or b'"Released"' in answer, answer


async def _assign(boss: Viewer, customers: list[UUID], members: list[UUID], _n: int) -> None:
    """By this process, not by the API."""
    await asyncio.gather(*(claims.assign(boss, customers.pop(), id) for id in members))


async def _measure(
    what: str, size: int, readers: list[Connection], happen: Callable[[int], Awaitable[None]]
) -> None:
    (process,) = [each for each in psutil.Process().children() if each.cmdline()[-1:] == ["api"]]
    late = []
    for n in range(2 + EVENTS):
        if n == 2:
            before = _cpu_seconds(process)
        began = time.monotonic()
        await happen(n)
        told = [await asyncio.to_thread(each.recv) for each in readers]
        late.append(max(at for at, _ in told) - began)
        await asyncio.sleep(0.2)
    spent = (_cpu_seconds(process) - before) / EVENTS / size
    trip = _round_trip_seconds(told[0][1])
    print(
        f"  {what:22} {1000 * statistics.median(late[2:]):7.0f} ms"
        f" {1e6 * spent:7.1f} µs {spent / trip:6.1f} round trips of {len(told[0][1])} bytes",
        flush=True,
    )


@contextmanager
def _watching(port: int, tokens: list[str], asked: dict[str, Any]) -> Iterator[list[Connection]]:
    """Processes, each with its part of the watchers; each sends when all of its part are told."""
    context = multiprocessing.get_context("spawn")
    readers, processes = [], []
    for n in range(READERS):
        mine, theirs = context.Pipe()
        process = context.Process(target=watch, args=(port, tokens[n::READERS], asked, theirs))
        process.start()
        processes.append(process)
        readers.append(mine)
    try:
        for each in readers:
            each.recv()
        yield readers
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _round_trip_seconds(message: bytes) -> float:
    began = time.process_time()
    for _ in range(5_000):
        json.loads(json.dumps(json.loads(message)))
    return (time.process_time() - began) / 5_000


async def _hired(boss: Viewer, claimer_id: UUID, pool_id: UUID) -> list[UUID]:
    rows = await database.rows(MEMBERS, boss.organization.id, max(SIZES))
    found = [row["id"] for row in rows]
    await access.set_access(boss, pool_id, [claimer_id, *found], [], [])
    await database.rows("ANALYZE")
    return found
