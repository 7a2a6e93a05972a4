"""`python -m benchmarks.faults.soak 60`: so many minutes of light load; what grows meanwhile?"""

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import astuple, dataclass, fields

import httpx2
import psutil
import redis.asyncio

from benchmarks.faults import checks
from benchmarks.faults.following import ALERTS, CHANGES, Following
from benchmarks.faults.load import Load, loading
from benchmarks.faults.world import Kind, World, world
from models import database
from models.ledger import feed

EVERY_SECONDS = 0.5
PAGE_SECONDS = 1
WARM_UP_MINUTES = 10
MEGABYTE = 2**20
PAGE = """query ($pool: ID!) {
  pool(id: $pool) { customers(first: 20) { nodes { id name } } }
  members(first: 10) { nodes { name } } }"""
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
EVENTS = "SELECT count(*) FROM event"

logging.disable(logging.CRITICAL)


@dataclass
class Figures:
    minute: int
    api_mb: float
    worker_mb: float
    api_files: int
    worker_files: int
    connections: int
    backends_mb: float
    valkey_keys: int
    valkey_mb: float
    events: int
    cpu_seconds: float


async def main(minutes: int) -> int:
    found: list[Figures] = []
    print("  ".join(each.name for each in fields(Figures)), flush=True)
    async with world(Kind(copies=1)) as here, _loaded(here) as violations:
        began = time.monotonic()
        for minute in range(minutes + 1):
            await asyncio.sleep(max(0, began + 60 * minute - time.monotonic()))
            found.append(await _figures(here, minute))
            print(_line(found[-1]), flush=True)
        held = await violations()
    first = next((each for each in found if each.minute >= WARM_UP_MINUTES), found[0])
    print("\nafter the warm-up, and at the end:")
    for each in (first, found[-1]):
        print(_line(each))
    print("; ".join(held) or "ok")
    return int(bool(held))


@contextlib.asynccontextmanager
async def _loaded(here: World) -> AsyncIterator[Callable[[], Awaitable[list[str]]]]:
    """Claims, follow-ups, pages and subscriptions; what it yields ends the load and checks."""
    since = await feed.head()
    after = await feed.format_cursor(since, here.boss.seal)
    async with loading(here) as load:
        load.every = EVERY_SECONDS
        first, boss = load.tokens[here.team[0].id], load.tokens[here.boss.id]
        pool = {"pool": f"Pool_{here.pool.id.hex}"}
        alerts = Following(here.feeds, first, ALERTS, {}, after)
        changes = Following(here.feeds, boss, CHANGES, pool, after)
        claiming = asyncio.create_task(load.run())
        work = [alerts.run(), changes.run(), _pages(here, load)]
        tasks = [asyncio.create_task(each) for each in work]

        async def violations() -> list[str]:
            load.ending = True
            await claiming
            found = [each async for each in checks.violations(here, load, since)]
            feeds = checks.feed_violations(here, since, alerts, changes)
            found += [each async for each in feeds]
            return found + [each async for each in checks.webhook_violations(here, since)]

        try:
            yield violations
        finally:
            for task in (*tasks, claiming):
                task.cancel()
            await asyncio.gather(*tasks, claiming, return_exceptions=True)


async def _pages(here: World, load: Load) -> None:
    headers = {"Authorization": f"Bearer {load.tokens[here.boss.id]}"}
    body = {"query": PAGE, "variables": {"pool": f"Pool_{here.pool.id.hex}"}}
    while True:
        with contextlib.suppress(httpx2.TransportError):
            await load.http.post(f"{here.apis[0].url}/graphql", json=body, headers=headers)
        await asyncio.sleep(PAGE_SECONDS)


async def _figures(here: World, minute: int) -> Figures:
    api, worker = (psutil.Process(each[0].pid) for each in (here.apis, here.workers))
    postgres = psutil.Process(here.engines.postgres.pid)
    valkey = psutil.Process(here.engines.valkey.pid)
    async with redis.asyncio.Redis.from_url(here.settings.redis_url or "") as client:
        keys, used = await client.dbsize(), (await client.info("memory"))["used_memory"]
    (counted,), (events,) = await database.rows(CONNECTIONS), await database.rows(EVENTS)
    children = postgres.children()
    return Figures(
        minute=minute,
        api_mb=api.memory_info().rss / MEGABYTE,
        worker_mb=worker.memory_info().rss / MEGABYTE,
        api_files=api.num_fds(),
        worker_files=worker.num_fds(),
        connections=counted["count"],
        backends_mb=sum(each.memory_full_info().uss for each in children) / MEGABYTE,
        valkey_keys=keys,
        valkey_mb=used / MEGABYTE,
        events=events["count"],
        cpu_seconds=sum(sum(each.cpu_times()[:2]) for each in (api, worker, valkey, *children)),
    )


def _line(figures: Figures) -> str:
    names = [each.name for each in fields(Figures)]
    pairs = zip(names, astuple(figures), strict=True)
    return "  ".join(f"{value:{len(name)}.{isinstance(value, float):d}f}" for name, value in pairs)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)))
