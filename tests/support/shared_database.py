"""One database for many tests: emptying it is ten times as fast as creating one."""

import contextlib
import functools
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
import redis

import engines as embedded
from models import database as databases
from models.queue import queue
from settings import Settings
from tests.conftest import command, settings_of
from tests.support.kept import Kept
from tests.support.samples import Office, found

SHARED = "seapool_shared"
# What the test left behind; kept connections stay.
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND (state <> 'idle' OR application_name <> 'seapool')
"""
FILLED = """
SELECT array_agg(quote_ident(relname)), (SELECT count(*) FROM customer),
  (SELECT count(*) FROM event)
FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'tortoise%'
"""
MANY_ROWS = 10_000
SOME_ROWS = 500


@pytest_asyncio.fixture(scope="session")
async def shared(engines: embedded.Engines, template: str) -> str:
    """The database's name; each process of the test run has engines of its own."""
    with contextlib.suppress(asyncpg.DuplicateDatabaseError):
        await command(engines, f"CREATE DATABASE {SHARED} TEMPLATE {template}")
    return SHARED


@pytest_asyncio.fixture
async def settings(
    request: pytest.FixtureRequest, engines: embedded.Engines, shared: str, kept_connection: Kept
) -> AsyncIterator[Settings]:
    if not engines.postgres.alive or "database" not in request.fixturenames:
        await kept_connection.close()
    for engine in (engines.postgres, engines.valkey):
        if not engine.alive:
            engine.start()
    _valkey(engines.redis_url).flushall()
    settings = settings_of(engines, shared)
    yield settings
    async with kept_connection.replica(settings) as own:
        await empty(own)


@functools.cache
def _valkey(url: str) -> redis.Redis:
    """Keep its connection; it connects again where Valkey was killed."""
    return redis.Redis.from_url(url)


@pytest_asyncio.fixture
async def database(settings: Settings, shared: str, kept_connection: Kept) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as own:
        if f"/{shared}?" in (settings.database_url or ""):
            await kept_connection.connect(settings)
        else:
            await own.enter_async_context(databases.connected(settings))
        async with queue.connected(settings):
            yield


@pytest_asyncio.fixture
async def office(database: None) -> Office:
    return await found()


async def empty(own: asyncpg.Connection) -> None:
    await own.execute(CUT)
    tables, customers, events = await own.fetchrow(FILLED)
    if customers > MANY_ROWS:
        await own.execute(f"TRUNCATE {', '.join(tables)}")
    await own.execute("; ".join(f"DELETE FROM {table}" for table in tables))
    if customers + events > SOME_ROWS:
        # A plan for tables as this test filled them may be a bad one for the next. To plan
        # anew takes as long as many a test.
        change = "ALTER TABLE {} SET (autovacuum_enabled = true)"
        await own.execute("; ".join(map(change.format, tables)))
