"""Replay a ledger of 1,000,000 events in a process of its own, while members claim."""

import asyncio
import os
import resource
import sys
import time
from collections.abc import Iterator
from statistics import quantiles
from uuid import UUID

from benchmarks.ground import ground, sales_team
from commands.verify import NICENESS, print_differences
from engines.child import environment_of
from models import database
from models.ownership import claims
from models.rules.rules import Rules
from models.viewers import Viewer
from settings import Settings

CUSTOMERS = 200_000
HELD = 100_000
FOLLOW_UPS = 7
PAUSE_SECONDS = 0.02
# One statement, so one moment: the customer's last follow-up is the last event.
WORK = """
WITH worked AS (UPDATE customer SET followed_up_at = now() WHERE owner_id IS NOT NULL RETURNING *)
INSERT INTO event
  (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id, details)
SELECT organization_id, id, epoch, 'FOLLOWED_UP', owner_id, owner_id, pool_id,
  '{"kind": "CALL", "note": "about the offer, again"}'
FROM worked, generate_series(1, $1)
"""


async def main() -> None:
    async with ground() as settings:
        _, team = await sales_team(50, CUSTOMERS, Rules.from_json({"max_hold": "P30D"}))
        ids = [row["id"] for row in await database.rows("SELECT id FROM customer")]
        for n in range(0, HELD, 100):
            await claims.claim(team[n // 100 % len(team)], ids[n : n + 100])
        await database.rows(WORK, FOLLOW_UPS)
        await database.rows("ANALYZE")
        free = iter(ids[HELD:])
        idle = asyncio.Event()
        asyncio.get_running_loop().call_later(10, idle.set)
        _print("claims alone", await _claim_until(idle, team[0], free))
        done = asyncio.Event()
        replaying = asyncio.create_task(_replay(settings, done))
        _print("claims during the replay", await _claim_until(done, team[0], free))
        await replaying


async def _replay(settings: Settings, done: asyncio.Event) -> None:
    environment = os.environ | environment_of(settings)
    command = (sys.executable, "-m", "benchmarks.verify")
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    assert await process.wait() == 0
    done.set()


async def _claim_until(end: asyncio.Event, who: Viewer, free: Iterator[UUID]) -> list[float]:
    """The seconds of each claim, one after another with a pause between."""
    seconds = []
    while not end.is_set():
        started = time.perf_counter()
        await claims.claim(who, [next(free)])
        seconds.append(time.perf_counter() - started)
        await asyncio.sleep(PAUSE_SECONDS)
    return seconds


def _print(name: str, seconds: list[float]) -> None:
    cuts = [1000 * cut for cut in quantiles(seconds, n=100)]
    print(f"  {name:26} {len(seconds):5} claims, p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")


def verify() -> None:
    """What `manage.py verify` does, with its seconds and its peak memory."""
    os.nice(NICENESS)
    started = time.perf_counter()
    replayed = asyncio.run(print_differences(Settings.load(), None))
    assert not replayed.differences
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {time.perf_counter() - started:.1f} s, peak {peak:.0f} MB")


if __name__ == "__main__":
    verify()
