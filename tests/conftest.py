import asyncio
import contextlib
import functools
import gc
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
import redis
import uvloop
from hypothesis import HealthCheck
from hypothesis import settings as examples

import engines as embedded
from commands.serve import COLLECT_AFTER
from engines.postgres import EPHEMERAL
from models import database as databases
from models.queue import queue
from settings import Settings
from tests.support import pgbouncer as pooler
from tests.support.chromium import REQUIRED, chromium
from tests.support.kept import Kept
from tests.support.limits import pytest_itemcollected
from tests.support.pgbouncer import pgbouncer
from tests.support.running import (
    Client,
    Process,
    Processes,
    api_in_process,
    clean_environment,
    short_folder,
)
from workers import runner

# Of this file, for pytest.
__all__ = ["pytest_itemcollected"]

SECRET = "only-for-tests-only-for-tests-only"
TEMPLATE = "seapool_template"

# What tests need of the machine: what to install, and which tests are left out without it.
NEEDED = {
    "chromium-headless-shell": (chromium() or REQUIRED, "console"),
    "pgbouncer": (pgbouncer() or pooler.REQUIRED, "promises/test_pooler.py"),
}
collect_ignore = [tests for found, tests in NEEDED.values() if not found]

# The same examples at every run, however slow the machine: what fails here fails anywhere.
examples.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
examples.load_profile("steady")

for leftover in set(os.environ) - set(clean_environment()):
    del os.environ[leftover]

# Each process of a test would compile all modules again: a third of what its start takes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The loop in which API and worker run.
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

# All modules and tests stay: a collection of garbage would walk them again and again.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def pytest_report_header() -> list[str]:
    return [
        f"tests/{tests} is left out: apt-get install {package}"
        for package, (found, tests) in NEEDED.items()
        if not found
    ]


@pytest.fixture(scope="session")
def engines() -> Iterator[embedded.Engines]:
    with short_folder() as data, embedded.started(data, ephemeral=True) as engines:
        yield engines


@pytest_asyncio.fixture(scope="session")
async def template(engines: embedded.Engines) -> str:
    """A migrated database to copy."""
    await command(engines, f"CREATE DATABASE {TEMPLATE}")
    await databases.migrate(settings_of(engines, TEMPLATE))
    return TEMPLATE


@pytest_asyncio.fixture
async def settings(own_settings: Settings) -> Settings:
    return own_settings


@pytest_asyncio.fixture(scope="session")
async def kept_connection() -> AsyncIterator[Kept]:
    kept = Kept()
    yield kept
    await kept.close()


@pytest_asyncio.fixture
async def own_settings(
    engines: embedded.Engines, template: str, kept_connection: Kept
) -> AsyncIterator[Settings]:
    """A migrated, empty database and an empty Valkey of the test's own."""
    async with own_database(engines, template, kept_connection) as settings:
        yield settings


@pytest_asyncio.fixture
async def database(settings: Settings) -> AsyncIterator[None]:
    """Tortoise and the queue, connected in the test's own loop."""

    async with databases.connected(settings), queue.connected(settings):
        yield


@pytest_asyncio.fixture
async def api(settings: Settings, database: None) -> AsyncIterator[Client]:
    async with api_in_process(settings) as client:
        yield client


@pytest_asyncio.fixture
async def worker(settings: Settings, database: None) -> AsyncIterator[asyncio.Task[None]]:
    """arq's worker and the sweep, as a task in the test's own loop."""

    running = asyncio.create_task(runner.run(settings))
    yield running
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest_asyncio.fixture
async def processes(settings: Settings, tmp_path: Path) -> AsyncIterator[Processes]:
    """`await processes.api()` and `await processes.worker()`: ready, and gone with the test."""
    async with contextlib.AsyncExitStack() as stack:
        yield Processes(settings, tmp_path, stack)


@pytest_asyncio.fixture
async def api_process(processes: Processes) -> Process:
    return await processes.api()


@pytest_asyncio.fixture
async def worker_process(processes: Processes) -> Process:
    return await processes.worker()


@contextlib.asynccontextmanager
async def own_database(
    engines: embedded.Engines, template: str, kept: Kept
) -> AsyncIterator[Settings]:
    await kept.close()
    for engine in (engines.postgres, engines.valkey):
        if not engine.alive:
            engine.start()
    with redis.Redis.from_url(engines.redis_url) as valkey:
        valkey.flushall()
    name = f"test_{uuid4().hex}"
    # Where no disk is waited for, to copy files takes half of what it takes to log each page.
    how = "STRATEGY FILE_COPY" if engines.postgres.options is EPHEMERAL else ""
    await command(engines, f"CREATE DATABASE {name} TEMPLATE {template} {how}")
    yield settings_of(engines, name)
    if engines.postgres.alive:
        await command(engines, f"DROP DATABASE {name} WITH (FORCE)")


def settings_of(engines: embedded.Engines, name: str) -> Settings:
    url = engines.database_url.replace("@/postgres?", f"@/{name}?")
    return _settings_with(engines.redis_url).model_copy(update={"database_url": url})


@functools.cache
def _settings_with(redis_url: str) -> Settings:
    """Without a database: to read and check all settings takes as long as many a test."""
    return Settings(redis_url=redis_url, secret=SECRET)


async def command(engines: embedded.Engines, sql: str) -> None:
    connection = await asyncpg.connect(**databases.credentials(engines.database_url))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
