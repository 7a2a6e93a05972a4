"""Open the connection to PostgreSQL and bring its schema up to date."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as run_migrations

from models.database import cluster as clusters
from models.database.locks import Lock
from models.database.session import BOUNDS, SERVING, SESSION, STATEMENT_SECONDS
from settings import Settings

# For an answer of a server that has cancelled the statement by then, if it is there.
ANSWER_SECONDS = STATEMENT_SECONDS + 0.5
CONNECT_SECONDS = 5

_users: dict[str, int] = {}
_opening = asyncio.Lock()


def credentials(url: str) -> dict[str, Any]:
    """Return asyncpg's arguments for a URL; `?host=` names the folder of a Unix socket."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    found: dict[str, Any] = {
        "host": query.get("host") or parts.hostname or "127.0.0.1",
        "port": int(query.get("port") or parts.port or 5432),
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")) or "postgres",
    }
    if sslmode := query.get("sslmode"):
        found["ssl"] = sslmode
    return found


def config(
    settings: Settings,
    *,
    pool_size: int | None = None,
    bounds: Mapping[str, str] = BOUNDS,
    answer_seconds: float = 60,
) -> dict[str, Any]:
    """Return Tortoise's configuration, with bounds for each session's waits."""
    assert settings.database_url is not None
    size = pool_size or settings.pool_size
    found = credentials(settings.database_url)
    return {
        "connections": {
            "default": {
                "engine": "models.database.backend",
                "credentials": found
                | {
                    "minsize": min(2, size),
                    "maxsize": size,
                    "command_timeout": answer_seconds,
                    "timeout": CONNECT_SECONDS,
                    "application_name": "seapool",
                    "init": partial(clusters.begin, name=_key(**found)),
                    "reset": _reset,
                    "server_settings": {**SESSION, **bounds},
                },
            }
        },
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


async def _reset(connection: Any) -> None:
    """Skip asyncpg's reset: it costs a round trip per statement and we set no session state."""
    if connection.is_in_transaction():
        await connection.reset()


@contextlib.asynccontextmanager
async def connected(settings: Settings, *, serving: bool = False) -> AsyncIterator[None]:
    """Connect Tortoise while entered; nested uses in one process share the connection.

    No statement of a `serving` process takes longer than STATEMENT_SECONDS.
    """
    chosen = config(settings)
    if serving:
        chosen = config(settings, bounds=BOUNDS | SERVING, answer_seconds=ANSWER_SECONDS)
    url = settings.database_url or ""
    async with _opening:
        if not _users.get(url):
            await Tortoise.init(config=chosen, _enable_global_fallback=True)
        _users[url] = _users.get(url, 0) + 1
    try:
        yield
    finally:
        async with _opening:
            _users[url] -= 1
            if not _users[url]:
                await Tortoise.close_connections()


async def migrate(settings: Settings) -> None:
    """Run the migrations that are missing; several processes take turns."""
    lock = await asyncpg.connect(**credentials(settings.database_url or ""), timeout=10)
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
    """Return host, port and name of the connected database, as a key for caches."""
    client: Any = get_connection("default")
    return _key(client.host, client.port, client.database)


def cluster() -> str:
    """Return which database that is; another one after a restore or a promotion."""
    return clusters.cluster_of(name())


def _key(host: str, port: int, database: str, **_: Any) -> str:
    return f"{host}:{port}/{database}"
