"""Run one SQL statement, inside the open transaction if there is one."""

import re
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import asyncpg
from tortoise.connection import get_connection
from tortoise.context import require_context
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from models.database.session import LONG_READ, LONG_READ_SECONDS, UNBOUNDED
from models.database.transactions import transaction

# For the answer of a statement that may take long, e.g. of an import.
LONGEST_SECONDS = 300.0
# For the answer of a long read, from a server that has ended it by then, if it is there.
READ_ANSWER_SECONDS = LONG_READ_SECONDS + 0.5

LOCK = re.compile(r"FOR UPDATE OF \w+(, \w+)*$", re.MULTILINE)


def skip_locked(sql: str) -> str:
    """Return the statement that leaves out rows in use, where `sql` waits for them."""
    return LOCK.sub(r"\g<0> SKIP LOCKED", sql)


async def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of one statement, run inside the open transaction if there is one."""
    return [dict(row) for row in await records(sql, *values)]


async def records(sql: str, *values: Any) -> list[asyncpg.Record]:
    """Like `rows`, as asyncpg has read them: for many rows that become something else at once."""
    # `get_connection` is the same, with an import at each call that costs twice as much as this.
    client: Any = require_context().connections.get("default")
    try:
        found: list[asyncpg.Record] = await client.fetch(sql, list(values))
    except (asyncpg.SyntaxOrAccessError, asyncpg.DataError) as fault:
        raise OperationalError(fault) from fault
    except asyncpg.IntegrityConstraintViolationError as fault:
        raise IntegrityError(fault) from fault
    except asyncpg.InvalidTransactionStateError as fault:
        raise TransactionManagementError(fault) from fault
    return found


async def slices(sql: str, *values: Any, size: int) -> AsyncGenerator[list[asyncpg.Record]]:
    """Stream the rows of one long read in lists of `size`, from one snapshot."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection, connection.transaction():
        await connection.execute(LONG_READ)
        cursor = await connection.cursor(sql, *values, timeout=READ_ANSWER_SECONDS)
        while found := await cursor.fetch(size, timeout=READ_ANSWER_SECONDS):
            yield found


async def rows_however_long(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of one statement of the open transaction, without a verb's limit of time."""
    await rows(UNBOUNDED)
    return await _answer(LONGEST_SECONDS, sql, *values)


async def rows_long_read(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of one long read, planned for these values."""
    async with transaction():
        await rows(LONG_READ)
        return await _answer(READ_ANSWER_SECONDS, sql, *values)


async def copy(table: str, columns: Sequence[str], rows_as_csv: bytes) -> None:
    """Append the rows to the table in the open transaction; an empty cell without quotes is null.

    Call it after `rows_however_long`: a verb's limit of time holds no more. Raises IntegrityError
    if the database refuses a row.
    """
    client: Any = get_connection("default")
    try:
        await client._connection.copy_to_table(
            table,
            columns=columns,
            # Bytes would be the path of a file.
            source=memoryview(rows_as_csv),
            format="csv",
            timeout=LONGEST_SECONDS,
        )
    except asyncpg.IntegrityConstraintViolationError as fault:
        raise IntegrityError(fault) from fault


async def _answer(seconds: float, sql: str, *values: Any) -> list[dict[str, Any]]:
    client: Any = get_connection("default")
    try:
        found = await client._connection.fetch(sql, *values, timeout=seconds)
    except asyncpg.IntegrityConstraintViolationError as fault:
        raise IntegrityError(fault) from fault
    return [dict(row) for row in found]


async def rows_custom_plan(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Return the rows of one statement, planned for these values."""
    async with transaction():
        await rows("SET LOCAL plan_cache_mode = force_custom_plan")
        return await rows(sql, *values)
