"""A machine dies under load: that of PostgreSQL's primary, that of Valkey's master, or both.

`python -m benchmarks failover` needs Debian's `patroni` and `etcd-server`. Patroni promotes the
synchronous standby, three Sentinels the other Valkey. One API and one worker know all of them.
It prints how long nobody could claim and nothing was released, and what was lost: it must be
nothing. `DIES=both` in the environment plays one scenario.
"""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from benchmarks.failover import figures
from benchmarks.failover.load import Load
from benchmarks.failover.patroni import TTL_SECONDS, Cluster, Missing, cluster
from benchmarks.failover.sentinels import DOWN_AFTER_MS, Guarded, guarded
from benchmarks.faults.following import ALERTS, Following
from benchmarks.faults.machine import Machine
from benchmarks.ground import SECRET, sales_team, temporary_folder
from commands.tokens import sign
from models import database
from models.ledger import feed
from models.queue import queue
from models.rules.rules import Rules
from models.viewers import Viewer
from settings import Settings

TEAM, CUSTOMERS = 10, 3_000
BEFORE_SECONDS, AFTER_SECONDS = 10, 25
RULES = Rules.from_json({"capacity": CUSTOMERS, "max_hold": "PT5S", "reminders": []})
# What dies: whether that is PostgreSQL's primary, and whether it is Valkey's master.
SCENARIOS = {"PostgreSQL": (True, False), "Valkey": (False, True), "both": (True, True)}


@dataclass(frozen=True)
class World:
    machines: Cluster
    valkeys: Guarded
    settings: Settings
    api: Machine
    team: list[Viewer]


async def main() -> None:
    # It tells each try to connect.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
    for name, dying in SCENARIOS.items():
        if os.environ.get("DIES", name) == name:
            print(f"{name} dies")
            try:
                async with _world() as world:
                    await _played(world, *dying)
            except Missing as missing:
                print(f"failover: left out, {missing}")
                return


@contextlib.asynccontextmanager
async def _world() -> AsyncIterator[World]:
    async with contextlib.AsyncExitStack() as started:
        folder = started.enter_context(temporary_folder("seapool-failover-"))
        machines = started.enter_context(cluster(folder))
        valkeys = await started.enter_async_context(guarded(folder))
        settings = Settings(
            database_url=machines.url, redis_url=valkeys.url, secret=SECRET, pool_size=10
        )
        await database.migrate(settings)
        await started.enter_async_context(database.connected(settings))
        await started.enter_async_context(queue.connected(settings))
        _, team = await sales_team(TEAM, CUSTOMERS, RULES)
        api, worker = (
            Machine(command, settings, machines.url, folder) for command in ("api", "worker")
        )
        started.callback(worker.kill)
        started.callback(api.kill)
        while not await api.listens():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        yield World(machines, valkeys, settings, api, team)


async def _played(world: World, postgres_dies: bool, valkey_dies: bool) -> None:
    rows = await database.rows("SELECT id FROM customer")
    tokens = [sign(world.settings, each.id, each.organization.id) for each in world.team]
    load = Load(world.api.url, tokens, [row["id"] for row in rows])
    after = await feed.format_cursor(await feed.head(), world.team[0].seal)
    following = Following([world.api], tokens[0], ALERTS, {}, after, reloads=True)
    listening = asyncio.create_task(following.run())
    claiming = asyncio.create_task(load.run())
    await asyncio.sleep(BEFORE_SECONDS)
    died_at = time.time()
    async with asyncio.TaskGroup() as dying:
        if postgres_dies:
            dying.create_task(_postgres_dies(world.machines))
        if valkey_dies:
            dying.create_task(_valkey_dies(world))
    back_at = time.time()
    await asyncio.sleep(AFTER_SECONDS)
    load.ending = True
    await claiming
    await figures.tell(load, following, died_at, back_at)
    await figures.check(load)
    listening.cancel()


async def _postgres_dies(machines: Cluster) -> None:
    """Return when the standby is the primary."""
    primary = await asyncio.to_thread(machines.with_role, "master", "primary")
    primary.die()
    died_at = time.time()
    machines.nodes.remove(primary)
    await asyncio.to_thread(machines.with_role, "master", "primary")
    print(f"the standby takes writes after {time.time() - died_at:14.1f} s", end="")
    print(f" (Patroni's ttl: {TTL_SECONDS} s)")


async def _valkey_dies(world: World) -> None:
    """Return when the other Valkey is the master."""
    world.valkeys.master.kill()
    died_at = time.time()
    while await world.valkeys.master_port() == world.valkeys.master.port:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    print(f"the other Valkey is the master after {time.time() - died_at:8.1f} s", end="")
    print(f" (down-after-milliseconds: {DOWN_AFTER_MS})")
