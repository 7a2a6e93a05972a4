"""Open the connection to PostgreSQL and bring its schema up to date."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as run_migrations

from addresses import Postgres, postgres
from models.database import cluster as clusters
from models.database import pooler
from models.database.connections.hosts import Hosts, connect
from models.database.locks import Lock
from models.database.replica import close_replica, open_replica
from models.database.session import BOUNDS, SERVING, SESSION, STATEMENT_SECONDS
from settings import Settings

# For an answer of a server that has cancelled the statement by then, if it is there.
ANSWER_SECONDS = STATEMENT_SECONDS + 0.5
CONNECT_SECONDS = 5

_users: dict[str, int] = {}
_opening = asyncio.Lock()
_opened = contextlib.AsyncExitStack()


def credentials(url: str) -> dict[str, Any]:
    """Return asyncpg's arguments for a URL; of several hosts in lists."""
    found = postgres(url)
    hosts, ports = zip(*found.hosts, strict=True)
    if len(hosts) == 1:
        return {"host": hosts[0], "port": ports[0], **found.options}
    return {"host": list(hosts), "port": list(ports), **found.options}


def config(
    settings: Settings,
    *,
    pool_size: int | None = None,
    bounds: Mapping[str, str] = BOUNDS,
    answer_seconds: float = 60,
    pooled: bool = False,
) -> dict[str, Any]:
    """Return Tortoise's configuration, with bounds for each session's waits.

    `pooled`: by the pooler, which makes these bounds itself.
    """
    assert settings.database_url is not None
    address = postgres(settings.database_url if pooled else settings.direct_url)
    options = pooler.OPTIONS if pooled else {"server_settings": {**SESSION, **bounds}}
    pool = _pool(
        address,
        pool_size or settings.pool_size,
        init=partial(clusters.begin, name=address.shown),
        command_timeout=answer_seconds,
        **options,
    )
    return {
        "connections": {"default": pool},
        "apps": {
            "models": {
                "models": ["models.tables"],
                "default_connection": "default",
                "migrations": "models.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _pool(address: Postgres, size: int, **options: Any) -> dict[str, Any]:
    return {
        "engine": "models.database.connections.backend",
        "credentials": {
            # What its `connect` knows better is for people, and for Tortoise.
            "host": address.shown,
            "user": address.user,
            "password": address.password,
            "database": address.database,
            "connect": Hosts(address).connect,
            "minsize": min(2, size),
            "maxsize": size,
            "timeout": CONNECT_SECONDS,
            "application_name": "seapool",
            "reset": _reset,
            **options,
        },
    }


async def _reset(connection: Any) -> None:
    """Skip asyncpg's reset: it costs a round trip per statement and we set no session state."""
    if connection.is_in_transaction():
        await connection.reset()


@contextlib.asynccontextmanager
async def connected(settings: Settings, *, serving: bool = False) -> AsyncIterator[None]:
    """Connect Tortoise while entered; nested uses in one process share the connection.

    No statement of a `serving` process takes longer than STATEMENT_SECONDS.
    """
    url = settings.database_url or ""
    async with _opening:
        if not _users.get(url):
            await _open(settings, serving)
        _users[url] = _users.get(url, 0) + 1
    try:
        yield
    finally:
        async with _opening:
            _users[url] -= 1
            if not _users[url]:
                await _opened.aclose()


async def _open(settings: Settings, serving: bool) -> None:
    pooled = serving and settings.database_direct_url is not None
    chosen = config(settings)
    if serving:
        bounds = BOUNDS | SERVING
        chosen = config(settings, bounds=bounds, answer_seconds=ANSWER_SECONDS, pooled=pooled)
    await Tortoise.init(config=chosen, _enable_global_fallback=True)
    _opened.push_async_callback(Tortoise.close_connections)
    await open_replica(settings, seconds=CONNECT_SECONDS)
    _opened.push_async_callback(close_replica)
    if pooled:
        await _opened.enter_async_context(pooler.watched(settings.direct_url, name()))


async def migrate(settings: Settings) -> None:
    """Run the migrations that are missing; several processes take turns."""
    lock = await connect(settings.direct_url, seconds=10)
    try:
        # CREATE INDEX CONCURRENTLY waits for running statements: a pg_advisory_lock that waits for
        # it in turn would never end.
        ask = "SELECT pg_try_advisory_lock($1)"
        while not await lock.fetchval(ask, Lock.MIGRATION):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        # A context of its own leaves this process's connections as they are.
        async with TortoiseContext():
            await run_migrations(config=config(settings, pool_size=2, bounds={}))
    finally:
        await lock.close()


def name() -> str:
    """Return hosts and name of the connected database, as a key for caches."""
    client: Any = get_connection("default")
    shown: str = client.host
    return shown


def cluster() -> str:
    """Return which database that is; another one after a restore or a promotion."""
    return clusters.cluster_of(name())
