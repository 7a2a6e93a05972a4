"""Reports, searches and sheets from a standby, where SEAPOOL_REPLICA_URL names one.

Such a read first asks the primary how far it has written, and the standby whether it has all of
that. So it shows all that any process has answered before, and no process needs to remember who
has written. A standby that is not so far in time, or away, or of another
database, is left alone for a moment: the primary answers then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import asyncpg

from addresses import postgres
from models.database.connections.hosts import Hosts
from models.database.connections.kept_pool import Connection, KeptPool
from models.database.connections.standby import Standby
from models.database.connections.timestamps import read_sooner
from models.database.session import BOUNDS, LONG_READ, SERVING, SESSION, watch_server
from models.database.statements import (
    READ_ANSWER_SECONDS,
    records,
    rows,
    rows_custom_plan,
    rows_long_read,
)
from models.database.transactions import inside_transaction
from settings import Settings

# Without waiting for the disk, a commit is answered before it is flushed.
WRITTEN = """
SELECT written::text AS written, left(pg_walfile_name(written), 8) AS timeline, system_identifier,
  current_database() AS name
FROM pg_control_system(), LATERAL (
  SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN pg_current_wal_insert_lsn()
    ELSE pg_current_wal_flush_lsn() END AS written
) AS place
"""
OPTIONS = SESSION | BOUNDS | SERVING | {"default_transaction_read_only": "on"}
CUSTOM_PLAN = "SET LOCAL plan_cache_mode = force_custom_plan"

_current: Standby | None = None


async def open_replica(settings: Settings, *, seconds: float) -> None:
    """Reads of this process use the standby from now on; it need not answer yet."""
    global _current
    if settings.replica_url is None:
        return
    pool = await asyncpg.create_pool(
        connect=Hosts(replace(postgres(settings.replica_url), target="standby")).connect,
        connection_class=Connection,
        min_size=0,
        max_size=settings.pool_size,
        init=_watch,
        timeout=seconds,
        command_timeout=READ_ANSWER_SECONDS,
        server_settings=OPTIONS | {"application_name": "seapool"},
    )
    _current = Standby(KeptPool(pool))


async def close_replica() -> None:
    global _current
    replica, _current = _current, None
    if replica:
        await replica.close()


async def _watch(connection: Any) -> None:
    watch_server(connection)
    await read_sooner(connection)


async def rows_report(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Like `rows_long_read`; outside a transaction from the standby, if it has all."""
    found = await _fetched(LONG_READ, sql, values, READ_ANSWER_SECONDS)
    if found is None:
        return await rows_long_read(sql, *values)
    return [dict(row) for row in found]


async def rows_search(sql: str, *values: Any) -> Sequence[Mapping[str, Any]]:
    """Like `rows_custom_plan`; outside a transaction from the standby, if it has all."""
    found = await _fetched(CUSTOM_PLAN, sql, values)
    return await rows_custom_plan(sql, *values) if found is None else found


async def records_of_standby(sql: str, *values: Any) -> Sequence[Mapping[str, Any]]:
    """Like `records`; outside a transaction from the standby, if it has all."""
    found = await _fetched(None, sql, values)
    return await records(sql, *values) if found is None else found


async def _fetched(
    prepare: str | None, sql: str, values: tuple[Any, ...], seconds: float | None = None
) -> list[asyncpg.Record] | None:
    if _current is None or _current.rests or inside_transaction():
        return None
    (written,) = await rows(WRITTEN)
    return await _current.fetch(tuple(written.values()), prepare, sql, values, seconds)
