"""What fails: engines, a proxy before PostgreSQL, two APIs, two workers; and one organization."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import engines
from benchmarks.faults.machine import Machine
from benchmarks.faults.proxy import Proxy, postgres_socket, postgres_url, proxy
from benchmarks.faults.receiver import Receiver, receiving
from benchmarks.ground import SECRET, admin, sales_team
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


@dataclass
class World:
    settings: Settings
    engines: engines.Engines
    line: Proxy
    apis: list[Machine]
    workers: list[Machine]
    pool: Pool
    team: list[Viewer]
    boss: Viewer
    customers: list[UUID]
    receiver: Receiver


@contextlib.asynccontextmanager
async def world(copies: int = 2) -> AsyncIterator[World]:
    """With so many APIs and so many workers."""
    with contextlib.ExitStack() as started:
        folder = started.enter_context(_folder())
        running = started.enter_context(engines.started(folder / "data"))
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
            machines: dict[str, list[Machine]] = {"api": [], "worker": []}
            for command, mine in machines.items():
                for _ in range(copies):
                    machine = Machine(command, settings, url, folder)
                    started.callback(machine.kill)
                    mine.append(machine)
            pool, team = await sales_team(TEAM, CUSTOMERS, RULES)
            boss = await admin(team)
            await webhooks.save(boss, None, receiver.url, None, private=True)
            rows = await database.rows("SELECT id FROM customer WHERE pool_id = $1", pool.id)
            ids = [row["id"] for row in rows]
            parts = (settings, running, line, machines["api"], machines["worker"])
            await _until_listening(machines["api"])
            yield World(*parts, pool, team, boss, ids, receiver)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """One that the user who runs PostgreSQL for root may enter."""
    with tempfile.TemporaryDirectory(prefix="seapool-faults-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


async def _until_listening(apis: list[Machine]) -> None:
    for api in apis:
        async with asyncio.timeout(60):
            while not await api.listens():
                await asyncio.sleep(0.1)
