"""The connection to PostgreSQL: open it, ask it, change it in a transaction."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate as run_migrations
from tortoise.transactions import in_transaction

from settings import Settings

MIGRATION_LOCK = 0x5EA900
Answer = TypeVar("Answer")
Effect = Callable[[], Awaitable[None]]
_effects: contextvars.ContextVar[list[Effect] | None] = contextvars.ContextVar(
    "effects", default=None
)
_users: dict[str, int] = {}
_opening = asyncio.Lock()


def credentials(url: str) -> dict[str, Any]:
    """What asyncpg needs of a URL; `?host=` names the folder of a Unix socket."""
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


def config(settings: Settings, *, pool_size: int | None = None) -> dict[str, Any]:
    assert settings.database_url is not None
    size = pool_size or settings.pool_size
    return {
        "connections": {
            "default": {
                "engine": "models.backend",
                "credentials": credentials(settings.database_url)
                | {
                    "minsize": min(2, size),
                    "maxsize": size,
                    "command_timeout": 60,
                    "timeout": 10,
                    "application_name": "seapool",
                    "reset": _reset,
                    # Planning a verb anew took longer than running it; a search asks for
                    # `planned_anew`, as its best plan hangs on its term.
                    "server_settings": {"plan_cache_mode": "force_generic_plan", "jit": "off"},
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
    """asyncpg's own reset is a round trip for each statement, to undo what nobody does here."""
    if connection.is_in_transaction():
        await connection.reset()


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[None]:
    """Tortoise for as long as it is entered; nested uses in one process share it."""
    url = settings.database_url or ""
    async with _opening:
        if not _users.get(url):
            await Tortoise.init(config=config(settings), _enable_global_fallback=True)
        _users[url] = _users.get(url, 0) + 1
    try:
        yield
    finally:
        async with _opening:
            _users[url] -= 1
            if not _users[url]:
                await Tortoise.close_connections()


async def migrate(settings: Settings) -> None:
    """Bring the database to the newest shape; several at once take turns."""
    lock = await asyncpg.connect(**credentials(settings.database_url or ""), timeout=10)
    try:
        # CREATE INDEX CONCURRENTLY waits for running statements: a pg_advisory_lock that waits for
        # it in turn would never end.
        ask = "SELECT pg_try_advisory_lock($1)"
        while not await lock.fetchval(ask, MIGRATION_LOCK):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        # In a context of its own, so that whoever is connected in this process stays so.
        async with TortoiseContext():
            await run_migrations(config=config(settings, pool_size=2))
    finally:
        await lock.close()


async def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
    """What one statement answers, inside the open transaction if there is one."""
    answer: list[dict[str, Any]] = await get_connection("default").execute_query_dict(
        sql, list(values)
    )
    return answer


async def slices(sql: str, *values: Any, size: int) -> AsyncGenerator[list[dict[str, Any]]]:
    """What one statement answers, so many rows at a time, all of them as of its start."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection, connection.transaction():
        cursor = await connection.cursor(sql, *values)
        while found := await cursor.fetch(size):
            yield [dict(row) for row in found]


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """All or nothing; what `after_commit` was given runs once it is committed."""
    if _effects.get() is not None:
        yield
        return
    effects: list[Effect] = []
    token = _effects.set(effects)
    try:
        async with in_transaction("default"):
            yield
    finally:
        _effects.reset(token)
    for effect in effects:
        await effect()


def inside_transaction() -> bool:
    return _effects.get() is not None


class Lost(Exception):
    """What a transaction read has changed before it could write: it is to be begun anew."""


def let_go() -> None:
    """Before a second attempt: whoever holds locks from the first would take them out of order.

    Raises Lost inside a transaction; outside of one nothing is held.
    """
    if inside_transaction():
        raise Lost


async def again(act: Callable[[], Awaitable[Answer]], attempts: int = 20) -> Answer:
    """A transaction's answer, begun anew where it lost a race or was chosen to end a deadlock."""
    for _ in range(attempts - 1):
        try:
            return await act()
        except (Lost, asyncpg.DeadlockDetectedError):
            await asyncio.sleep(0)
    return await act()


async def planned_anew(sql: str, *values: Any) -> list[dict[str, Any]]:
    """What one statement answers, by a plan made for these very values."""
    async with transaction():
        await rows("SET LOCAL plan_cache_mode = force_custom_plan")
        return await rows(sql, *values)


async def after_commit(effect: Effect) -> None:
    """Run it when the open transaction is committed, at once if there is none."""
    effects = _effects.get()
    if effects is None:
        await effect()
    else:
        effects.append(effect)


@contextlib.asynccontextmanager
async def advisory_lock(key: int) -> AsyncIterator[bool]:
    """Whether this process got the lock. A transaction holds it: that ends by itself, whatever
    becomes of the task or the connection."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection, connection.transaction():
        yield await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", key)


def name() -> str:
    """Which database the process is connected to, for what is remembered about it."""
    client: Any = get_connection("default")
    return f"{client.host}:{client.port}/{client.database}"
