"""Releases that fall due together beside the floor of SQL and graphile-worker; what else they cost.

`python -m benchmarks releases`; `DUE=5000` before it for fewer. The worker is a process of its own,
as in production.
"""

import asyncio
import os
import time
from uuid import UUID

from benchmarks import storm
from benchmarks.ground import admin, ground, sales_team
from benchmarks.peers import node, sql_releases, worker_releases
from models import database
from models.ownership import claims
from models.ownership.drain import BATCH, release_due
from models.pools import pools
from models.queue.queue import queue
from models.rules.rules import Rules
from models.tables import Pool
from models.taking.capacity import ensure_seats
from models.viewers import Viewer
from settings import Settings

DUE = int(os.environ.get("DUE", "50000"))
TEAM = 100
ROUNDS = 2
CLAIMS = 500
CLAIM_EVERY = 0.02
# Not counted. The first claim after a pause takes as long as twenty others, and more wait for it.
WARMING = 50
# Long enough to tidy the tables.
DUE_IN_SECONDS = 30.0
IDLE = 200
IDLE_EVERY = 0.05
HELD_BYTES = 1000
FREE = """
SELECT id FROM customer WHERE pool_id = $1 AND owner_id IS NULL ORDER BY id LIMIT $2
"""


async def main() -> None:
    async with ground() as settings:
        rules = Rules.from_json({"max_hold": "P1D", "reminders": []})
        pool, team = await sales_team(TEAM, DUE, rules)
        for viewer in team:
            await ensure_seats(viewer.organization.id, [pool.id], viewer.id)
        print(f"releases a second, {DUE} due at once:")
        for _ in range(ROUNDS):
            await _print_rates(settings, pool)
        async with storm.worker_process(settings):
            await _print_claims(pool, team[0])
            await _print_lateness(pool, team)
        await _print_bytes(pool, team)


async def _print_rates(settings: Settings, pool: Pool) -> None:
    assert settings.database_url is not None
    url, rates = settings.database_url, {}
    await storm.hold_due(pool.id)
    rates["SQL, bare tables"] = await sql_releases.releases_a_second(url, BATCH, bare=True)
    rates["SQL, one statement"] = await sql_releases.releases_a_second(url, DUE)
    await storm.hold_due(pool.id)
    rates["SQL, statements of a batch"] = await sql_releases.releases_a_second(url, BATCH)
    await storm.hold_due(pool.id)
    if command := node.command_of("graphile_worker"):
        rates["graphile-worker"] = await asyncio.to_thread(
            worker_releases.releases_a_second, command, settings
        )
        await storm.hold_due(pool.id)
    started = time.perf_counter()
    released = await release_due()
    rates["the drain"] = released / (time.perf_counter() - started)
    for name, rate in rates.items():
        print(f"  {name:32} {rate:8.0f}   the drain: {rates['the drain'] / rate:4.2f} of it")


async def _print_claims(pool: Pool, viewer: Viewer) -> None:
    """Claims from the same pool, by a member none of whose customers is due, before and while."""
    left = WARMING + 2 * CLAIMS
    await storm.hold_due(pool.id, left=left, but=viewer.id, seconds=DUE_IN_SECONDS)
    free = await _free(pool, left)
    await asyncio.sleep(await storm.seconds_until_due() - (WARMING + CLAIMS) * CLAIM_EVERY)
    due_at = time.perf_counter() + await storm.seconds_until_due()
    ended = asyncio.Event()
    claiming = asyncio.create_task(storm.claim_steadily(viewer, free, CLAIM_EVERY, ended))
    await storm.until_due(True)
    started = time.perf_counter()
    await storm.until_due(False)
    rate = (DUE - left) / (time.perf_counter() - started)
    ended.set()
    took = (await claiming)[WARMING:]
    _, alone = storm.percentiles([ms for began, ms in took if began < due_at])
    _, meanwhile = storm.percentiles([ms for began, ms in took if began >= due_at])
    print(f"  {'a worker, claims meanwhile':32} {rate:8.0f}")
    print(f"a claim, p99 in ms: {alone:.1f} alone, {meanwhile:.1f} meanwhile,", end=" ")
    print(f"{meanwhile / alone:.1f} times as long")


async def _print_lateness(pool: Pool, team: list[Viewer]) -> None:
    """Of releases one after another, with nothing else to do."""
    await database.rows("UPDATE customer SET release_at = now() WHERE owner_id IS NOT NULL")
    await storm.until_due(False)
    await _change_rules(pool, team, {"max_hold": "PT3S", "reminders": []})
    seen = asyncio.create_task(storm.lateness(IDLE))
    for n, id in enumerate(await _free(pool, IDLE)):
        await claims.claim(team[n % len(team)], [id])
        await asyncio.sleep(IDLE_EVERY)
    median, most = storm.percentiles(await seen)
    print(f"from a deadline to its commit, in ms: median {median:.0f}, p99 {most:.0f}")


async def _print_bytes(pool: Pool, team: list[Viewer]) -> None:
    await _change_rules(pool, team, {"max_hold": "P30D", "reminders": ["P7D", "P1D"]})
    assert queue.redis is not None
    await queue.redis.flushdb()
    before = (await queue.redis.info("memory"))["used_memory"]
    ids = await _free(pool, HELD_BYTES)
    for n in range(0, HELD_BYTES, 100):
        await claims.claim(team[1], ids[n : n + 100])
    used = (await queue.redis.info("memory"))["used_memory"] - before
    print(f"bytes in Valkey for a customer with two reminders: {used / HELD_BYTES:.0f}")


async def _change_rules(pool: Pool, team: list[Viewer], rules: dict[str, object]) -> None:
    await pools.change_rules(await admin(team), pool.id, Rules.from_json(rules))


async def _free(pool: Pool, count: int) -> list[UUID]:
    return [row["id"] for row in await database.rows(FREE, pool.id, count)]
