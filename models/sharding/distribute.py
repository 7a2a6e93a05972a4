"""Spread the tables over the machines of Citus, by their organization."""

from typing import Any

from models.database.connections.hosts import connect
from models.database.locks import Lock, alone
from models.sharding.catalog import read_catalog
from models.sharding.plan import CannotDistribute, plan_of
from settings import Settings

HAS_CITUS = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')"
IS_COORDINATOR = "SELECT citus_is_coordinator()"
DISTRIBUTED = "SELECT logicalrelid::regclass::text AS name FROM pg_dist_partition"
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'seapool%'
"""


async def distribute(settings: Settings) -> list[str]:
    """Distribute what is not distributed yet, all or nothing; return what was done, line by line.

    Raises CannotDistribute where the database has no Citus, is a worker of it, or is in use.
    """
    connection = await connect(settings.direct_url, seconds=10)
    try:
        await _check(connection)
        async with connection.transaction():
            await alone(connection, Lock.MIGRATION)
            rows = await connection.fetch(DISTRIBUTED)
            plan = plan_of(await read_catalog(connection), [row["name"] for row in rows])
            if not plan.tables:
                return [f"{len(rows)} tables are distributed already"]
            for statement in plan.statements():
                await connection.execute(statement)
        return plan.lines()
    finally:
        await connection.close()


async def _check(connection: Any) -> None:
    if not await connection.fetchval(HAS_CITUS):
        raise CannotDistribute(
            "this database has no Citus: install it on each machine, then CREATE EXTENSION citus"
        )
    if not await connection.fetchval(IS_COORDINATOR):
        raise CannotDistribute(
            "this is a worker of Citus: SEAPOOL_DATABASE_URL must lead to its coordinator"
        )
    await check_unused(connection)


async def check_unused(connection: Any) -> None:
    """Raise CannotDistribute while a process of Seapool is connected."""
    if count := await connection.fetchval(OTHERS):
        raise CannotDistribute(f"Seapool has {count} sessions here: stop its processes first")
