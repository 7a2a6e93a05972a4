"""The machine of the primary dies under load: Patroni promotes its synchronous standby.

`python -m benchmarks failover` needs Debian's `patroni` and `etcd-server`. One API and one worker
know both machines by SEAPOOL_DATABASE_URL. It prints how long nobody could claim and nothing was
released; and what was lost, which must be nothing.
"""

import asyncio
import contextlib
import logging
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import engines
from benchmarks.failover.load import Load
from benchmarks.failover.patroni import TTL_SECONDS, Cluster, Missing, cluster
from benchmarks.faults.following import ALERTS, Following
from benchmarks.faults.machine import Machine
from benchmarks.ground import SECRET, sales_team
from commands.tokens import sign
from models import database
from models.ledger import feed, replay
from models.queue import queue
from models.rules.rules import Rules
from models.viewers import Viewer
from settings import Settings

TEAM, CUSTOMERS = 10, 3_000
BEFORE_SECONDS, AFTER_SECONDS, OVERDUE_SECONDS = 10, 25, 30
HELD = "PT5S"
RULES = Rules.from_json({"capacity": CUSTOMERS, "max_hold": HELD, "reminders": []})
KEYS = "SELECT idempotency_key AS key FROM event WHERE idempotency_key IS NOT NULL"
FIRST_RELEASE = """
SELECT extract(epoch FROM min(at))::float AS at FROM event
WHERE action = 'RELEASED' AND at > to_timestamp($1)
"""
EARLY = "SELECT FROM event WHERE action = 'RELEASED' AND at < due_at"
ANY_HELD = "SELECT FROM customer WHERE owner_id IS NOT NULL LIMIT 1"


async def main() -> None:
    # It tells each try to connect.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
    with _folder() as folder, contextlib.ExitStack() as started:
        try:
            machines = started.enter_context(cluster(folder))
        except Missing as missing:
            print(f"failover: left out, {missing}")
            return
        valkey = started.enter_context(engines.started(folder / "data", postgres=False))
        settings = Settings(
            database_url=machines.url, redis_url=valkey.redis_url, secret=SECRET, pool_size=10
        )
        await database.migrate(settings)
        async with database.connected(settings), queue.connected(settings):
            _, team = await sales_team(TEAM, CUSTOMERS, RULES)
            api, worker = (
                Machine(command, settings, machines.url, folder) for command in ("api", "worker")
            )
            started.callback(worker.kill)
            started.callback(api.kill)
            while not await api.listens():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            await _played(machines, settings, api, team)


async def _played(machines: Cluster, settings: Settings, api: Machine, team: list[Viewer]) -> None:
    rows = await database.rows("SELECT id FROM customer")
    tokens = [sign(settings, each.id, each.organization.id) for each in team]
    load = Load(api.url, tokens, [row["id"] for row in rows])
    after = await feed.format_cursor(await feed.head(), team[0].seal)
    following = Following([api], tokens[0], ALERTS, {}, after)
    listening = asyncio.create_task(following.run())
    claiming = asyncio.create_task(load.run())
    await asyncio.sleep(BEFORE_SECONDS)
    primary = await asyncio.to_thread(machines.with_role, "master", "primary")
    primary.die()
    died_at = time.time()
    machines.nodes.remove(primary)
    await asyncio.to_thread(machines.with_role, "master", "primary")
    print(f"the standby takes writes after {time.time() - died_at:6.1f} s", end="")
    print(f" (Patroni's ttl: {TTL_SECONDS} s)")
    await asyncio.sleep(AFTER_SECONDS)
    load.ending = True
    await claiming
    await _told(load, died_at)
    await _checked(load)
    listening.cancel()
    ended = ", ".join(following.errors) or "nothing"
    print(f"alerts of one member: {len(following.cursors)}, ended by {ended}")


async def _told(load: Load, died_at: float) -> None:
    answered = sorted(each.answered_at for each in load.done)
    gap = max(later - earlier for earlier, later in pairwise(answered))
    print(f"the longest while without a claim {gap:9.1f} s")
    (row,) = await database.rows(FIRST_RELEASE, died_at)
    print(f"the first release after it {row['at'] - died_at:16.1f} s")
    print(f"the longest single answer {load.longest:17.1f} s")
    print(f"claims: {len(load.done)} acknowledged, {load.repeated} requests repeated")


async def _checked(load: Load) -> None:
    """Print what broke. All that is held falls due meanwhile."""
    deadline = time.monotonic() + OVERDUE_SECONDS
    while await database.rows(ANY_HELD) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    broken = []
    kept = [row["key"] for row in await database.rows(KEYS)]
    if lost := {each.key for each in load.done} - set(kept):
        broken.append(f"{len(lost)} acknowledged claims are lost")
    if len(kept) != len(set(kept)):
        broken.append("a key was used twice")
    if early := await database.rows(EARLY):
        broken.append(f"{len(early)} were released early")
    if await database.rows(ANY_HELD):
        broken.append("due releases are not made")
    if differences := await replay.differences():
        broken.append(f"{len(differences)} differences to the ledger")
    print(f"broken: {', '.join(broken) or 'nothing'}")


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="seapool-failover-") as name:
        Path(name).chmod(0o711)
        yield Path(name)
