"""What fails: engines, a proxy before PostgreSQL, two APIs, two workers; and one organization."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import engines
from benchmarks.faults.clocks import Clocks, environment_of, inherited
from benchmarks.faults.machine import Machine
from benchmarks.faults.proxy import Proxy, postgres_socket, postgres_url, proxy
from benchmarks.faults.receiver import Receiver, receiving
from benchmarks.ground import SECRET, admin, sales_team, temporary_folder
from engines.child import MANAGE
from models import database
from models.queue import queue
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from models.webhooks import webhooks
from settings import Settings

CUSTOMERS, TEAM, CAPACITY = 4_000, 20, 12
HELD_SECONDS, REMINDED_SECONDS = 5, 2
RULES = Rules.from_json(
    {
        "capacity": CAPACITY,
        "follow_up_within": f"PT{HELD_SECONDS}S",
        "reminders": [f"PT{REMINDED_SECONDS}S"],
    }
)


# The release before, of which one may still run beside this one.
RELEASE_BEFORE = "19667a5"
DISK = "400m"


@dataclass(frozen=True)
class Kind:
    """What a world has that others have not."""

    copies: int = 2
    small_disk: bool = False
    clocks: bool = False
    # Claims go to an API of the release before, subscriptions to one of this release.
    old_api: bool = False


USUAL = Kind()


@dataclass
class World:
    settings: Settings
    engines: engines.Engines
    line: Proxy
    apis: list[Machine]
    workers: list[Machine]
    feeds: list[Machine]
    clocks: Clocks
    disk: Path
    pool: Pool
    team: list[Viewer]
    boss: Viewer
    customers: list[UUID]
    receiver: Receiver


@contextlib.asynccontextmanager
async def world(kind: Kind = USUAL) -> AsyncIterator[World]:
    with contextlib.ExitStack() as started:
        folder = started.enter_context(temporary_folder("seapool-faults-"))
        clocks, disk = Clocks(folder), folder / "data/postgres"
        if kind.small_disk:
            started.enter_context(_small_disk(disk))
        with inherited(clocks.database) if kind.clocks else contextlib.nullcontext():
            running = started.enter_context(engines.started(folder / "data"))
            await _note_commits(running)
        settings = Settings(
            database_url=running.database_url, redis_url=running.redis_url, secret=SECRET
        )
        await database.migrate(settings)
        async with (
            database.connected(settings),
            queue.connected(settings),
            proxy(postgres_socket(running.database_url)) as line,
            receiving() as receiver,
        ):
            url = postgres_url(running.database_url, line.port)
            start = partial(_machine, started, settings, url, folder, kind, clocks)
            feeds = [start("api") for _ in range(kind.copies)]
            apis = [start("api", _release_before(folder))] if kind.old_api else feeds
            workers = [start("worker") for _ in range(kind.copies)]
            pool, team = await sales_team(TEAM, CUSTOMERS, RULES)
            boss = await admin(team)
            await webhooks.save(boss, None, receiver.url, None, private=True)
            rows = await database.rows("SELECT id FROM customer WHERE pool_id = $1", pool.id)
            ids = [row["id"] for row in rows]
            await _until_listening([*apis, *feeds])
            machines = (settings, running, line, apis, workers, feeds, clocks, disk)
            yield World(*machines, pool, team, boss, ids, receiver)


async def _note_commits(running: engines.Engines) -> None:
    """When each transaction was committed: how late an alert is counts from then."""
    running.postgres.options = {**running.postgres.options, "track_commit_timestamp": "on"}
    await asyncio.to_thread(running.postgres.stop)
    await asyncio.to_thread(running.postgres.start)


def _machine(
    started: contextlib.ExitStack,
    settings: Settings,
    url: str,
    folder: Path,
    kind: Kind,
    clocks: Clocks,
    command: str,
    manage: Path = MANAGE,
) -> Machine:
    environment = environment_of(clocks.processes) if kind.clocks else {}
    machine = Machine(command, settings, url, folder, manage, **environment)
    started.callback(machine.kill)
    return machine


def _release_before(folder: Path) -> Path:
    """Its files, from git; return its manage.py."""
    target = folder / "before"
    target.mkdir()
    archive = ["git", "-C", str(MANAGE.parent), "archive", RELEASE_BEFORE]
    files = subprocess.run(archive, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=files, check=True)
    return target / "manage.py"


@contextlib.contextmanager
def _small_disk(path: Path) -> Iterator[None]:
    path.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)


async def _until_listening(apis: list[Machine]) -> None:
    for api in apis:
        async with asyncio.timeout(60):
            while not await api.listens():
                await asyncio.sleep(0.1)
