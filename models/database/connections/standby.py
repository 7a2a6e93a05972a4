"""A standby that answers reads once it has all that the primary had when they began."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any, cast

import asyncpg

from models import sparing_log
from models.database.connections import places
from models.database.connections.hosts import problem_of
from models.database.connections.kept_pool import KeptPool
from models.database.faults import is_away

# So long a read waits for the standby. Usually it is as far as the primary within milliseconds.
LAG_SECONDS = 0.25
# For so long nobody asks a standby that lagged or was away.
REST_SECONDS = 1.0
FIRST_WAIT, LONGEST_WAIT = 0.002, 0.02
# The timeline is that of its last checkpoint: after a failover it waits for the next one.
REACHED = """
SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::text::pg_lsn
  AND lpad(upper(to_hex(c.timeline_id)), 8, '0') = $2 AND s.system_identifier = $3
  AND current_database() = $4::text
FROM pg_control_checkpoint() c, pg_control_system() s
"""
CUT_OFF = (TimeoutError, asyncio.CancelledError)


class Lagging(Exception):
    """The standby does not have what the primary has, or not in time."""


class Standby:
    def __init__(self, pool: KeptPool) -> None:
        self._pool = pool
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """Whether it lagged or was away a moment ago."""
        return time.monotonic() < self._rests_until

    async def fetch(
        self,
        reached: tuple[Any, ...],
        prepare: str | None,
        sql: str,
        values: tuple[Any, ...],
        seconds: float | None,
    ) -> list[asyncpg.Record] | None:
        """Return the rows as of `reached`, the values of REACHED, or later. None: ask the primary.

        `prepare` is a statement to begin with, `seconds` the time for an answer.
        """
        try:
            async with self._connection() as connection:
                await _reach(connection, reached)
                async with connection.transaction():
                    if prepare:
                        await connection.execute(prepare)
                    found = await connection.fetch(sql, *values, timeout=seconds)
                return cast(list[asyncpg.Record], found)
        except asyncpg.QueryCanceledError:
            raise
        except Exception as fault:
            self._rest_after(fault)
            return None

    async def close(self) -> None:
        await self._pool.close()

    def _rest_after(self, fault: Exception) -> None:
        """What is wrong with the statement is not the standby's fault."""
        is_conflict = isinstance(fault, asyncpg.SerializationError)
        if not (isinstance(fault, (Lagging, TimeoutError)) or is_conflict or is_away(fault)):
            raise fault
        if not is_conflict:
            self._rests_until = time.monotonic() + REST_SECONDS
        reason = problem_of(fault)
        sparing_log.warning("the replica is left alone, the primary reads", fault=reason)

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        asker = places.asker()
        if asker:
            await asker.enter()
        try:
            async with asyncio.timeout(LAG_SECONDS):
                connection = await self._pool.acquire()
            try:
                yield connection
            except CUT_OFF:
                connection.terminate()
                raise
            finally:
                await self._pool.release(connection)
        finally:
            if asker:
                asker.leave()


async def _reach(connection: Any, reached: tuple[Any, ...]) -> None:
    wait, ends_at = FIRST_WAIT, time.monotonic() + LAG_SECONDS
    while not await connection.fetchval(REACHED, *reached, timeout=LAG_SECONDS):
        if time.monotonic() > ends_at:
            raise Lagging("it does not have what the primary has")
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)
