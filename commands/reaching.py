"""The databases that the settings name, looked at before a command begins."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog

from addresses import postgres
from commands.errors import CommandError
from settings import Settings

# Which database a connection leads to: the same on a primary, on its standby and behind a pooler.
CLUSTER = "SELECT system_identifier, current_database() FROM pg_control_system()"
# A pooler says that it knows no such thing, or leaves out what a session is to be begun with.
REFUSED = "startup parameter"
ECHOED = {"lock_timeout": "997ms"}

MIGRATIONS = Path(__file__).parents[1] / "models" / "migrations"
DONE = "SELECT name FROM tortoise_migrations"

log = structlog.get_logger()


async def check_database(settings: Settings, *, migrated: bool = False) -> None:
    """Raise CommandError, without passwords, if PostgreSQL is away, wrong or not `migrated`."""
    name, url = "SEAPOOL_DATABASE_URL", settings.database_url or ""
    if settings.database_direct_url:
        name = "SEAPOOL_DATABASE_DIRECT_URL"
    async with _opened(name, settings.direct_url, server_settings=ECHOED) as direct:
        await _check_sessions(name, direct)
        cluster = await direct.fetchrow(CLUSTER)
        if migrated:
            await _check_migrations(direct)
    if settings.database_direct_url:
        await _check_pooler(url, cluster)
    if settings.replica_url:
        await _check_replica(settings.replica_url, cluster)


async def _check_sessions(name: str, connection: Any) -> None:
    from models.database.pooler import has_settings

    if not await has_settings(connection, ECHOED):
        raise CommandError(_pooled(name))


def _pooled(name: str) -> str:
    if name == "SEAPOOL_DATABASE_URL":
        return (
            "SEAPOOL_DATABASE_URL leads to PgBouncer: set SEAPOOL_DATABASE_DIRECT_URL too,"
            " the address of PostgreSQL itself"
        )
    return f"{name} leads to PgBouncer: it must be the address of PostgreSQL itself"


async def _check_migrations(connection: Any) -> None:
    """The database has all migrations of this release; it may have newer ones."""
    lacking = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    if await connection.fetchval("SELECT to_regclass('tortoise_migrations') IS NOT NULL"):
        lacking -= {row["name"] for row in await connection.fetch(DONE)}
    if lacking:
        first = min(lacking)
        raise CommandError(
            f"the database lacks migrations, from {first} on: run `manage.py migrate` first"
        )


async def _check_pooler(url: str, cluster: Any) -> None:
    from models.database import pooler

    async with _opened("SEAPOOL_DATABASE_URL", url, **pooler.OPTIONS) as connection:
        if await connection.fetchrow(CLUSTER) != cluster:
            raise CommandError(
                "SEAPOOL_DATABASE_URL and SEAPOOL_DATABASE_DIRECT_URL lead to different databases"
            )
        if not await pooler.has_settings(connection, pooler.NEEDED):
            raise CommandError(
                "PgBouncer's sessions lack settings: add to the database in pgbouncer.ini"
                f" {pooler.connect_query()}, then RECONNECT"
            )


async def _check_replica(url: str, cluster: Any) -> None:
    """One that is away is logged: it may come."""
    try:
        async with _opened("SEAPOOL_REPLICA_URL", url) as connection:
            found = await connection.fetchrow(CLUSTER)
    except CommandError as error:
        log.warning("the replica can't be reached", fault=str(error))
        return
    if found != cluster:
        raise CommandError(
            f"PostgreSQL at {postgres(url).shown} has another database than the primary:"
            " correct SEAPOOL_REPLICA_URL"
        )


@contextlib.asynccontextmanager
async def _opened(name: str, url: str, **options: Any) -> AsyncIterator[Any]:
    import asyncpg

    from models.database.connections.hosts import connect, problem_of

    try:
        connection = await connect(url, seconds=5, **options)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        problem = problem_of(error)
        if REFUSED in problem:
            raise CommandError(_pooled(name)) from None
        raise CommandError(
            f"PostgreSQL at {postgres(url).shown} can't be reached ({problem}):"
            f" start it, or correct {name}"
        ) from None
    try:
        yield connection
    finally:
        await connection.close()
