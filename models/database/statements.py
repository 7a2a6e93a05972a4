"""Run one SQL statement, inside the open transaction if there is one."""

import re
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError

from models.database.session import UNBOUNDED
from models.database.transactions import transaction

# For the answer of a statement that may take long, e.g. of an import.
LONGEST_SECONDS = 300.0

LOCK = re.compile(r"FOR UPDATE OF \w+(, \w+)*$", re.MULTILINE)


def skip_locked(sql: str) -> str:
    """Return the statement that leaves out rows in use, where `sql` waits for them."""
    return LOCK.sub(r"\g<0> SKIP LOCKED", sql)


async def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of one statement, run inside the open transaction if there is one."""
    return [dict(row) for row in await records(sql, *values)]


async def records(sql: str, *values: Any) -> list[asyncpg.Record]:
    """Like `rows`, as asyncpg has read them: for many rows that become something else at once."""
    client: Any = get_connection("default")
    try:
        found: list[asyncpg.Record] = await client.fetch(sql, values)
    except (asyncpg.SyntaxOrAccessError, asyncpg.DataError) as fault:
        raise OperationalError(fault) from fault
    except asyncpg.IntegrityConstraintViolationError as fault:
        raise IntegrityError(fault) from fault
    return found


async def slices(sql: str, *values: Any, size: int) -> AsyncGenerator[list[dict[str, Any]]]:
    """Stream one statement's rows in lists of `size`, from one snapshot."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection, connection.transaction():
        cursor = await connection.cursor(sql, *values)
        while found := await cursor.fetch(size):
            yield [dict(row) for row in found]


async def rows_however_long(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of one statement of the open transaction, without a verb's limit of time."""
    client: Any = get_connection("default")
    await rows(UNBOUNDED)
    try:
        found = await client._connection.fetch(sql, *values, timeout=LONGEST_SECONDS)
    except asyncpg.IntegrityConstraintViolationError as fault:
        raise IntegrityError(fault) from fault
    return [dict(row) for row in found]


async def rows_custom_plan(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of one statement, planned for these values."""
    async with transaction():
        await rows("SET LOCAL plan_cache_mode = force_custom_plan")
        return await rows(sql, *values)
