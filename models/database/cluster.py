"""Which database the connections lead to: a restored or a promoted one is another.

Each new connection looks before its first statement; those from before a restore or a promotion
are gone. A standby raises ObjectNotInPrerequisiteStateError, so none is kept until its promotion.
"""

from typing import Any

import asyncpg

from models.database.connections.timestamps import read_sooner
from models.database.locks import Lock
from models.database.session import watch_server
from models.telemetry import tracing

# A promotion begins a timeline, whose transactions may have the numbers of lost ones. The first
# is left out: cursors of the release before have none.
CLUSTER = """
SELECT concat_ws('.', c.system_identifier, d.oid,
  nullif(left(pg_walfile_name(pg_current_wal_lsn()), 8), '00000001'))
FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()
"""
# By how much the numbers of the ledger's transactions lie behind its newest; null: they do not.
# That is so after a restore into a cluster with fewer transactions than the one of the dump.
BEHIND = """
SELECT nullif(greatest(0, max(txid)::text::bigint + 1
  - ledger_number(pg_snapshot_xmax(pg_current_snapshot()))::text::bigint), 0) FROM event
"""
ADDED = "SELECT ledger_number('0'::xid8)::text::bigint"
NUMBER = """
CREATE OR REPLACE FUNCTION ledger_number(xid8) RETURNS xid8 LANGUAGE sql STABLE PARALLEL SAFE
RETURN ($1::text::bigint + {added})::text::xid8
"""
# Before its migrations a database has no ledger.
UNMADE = (asyncpg.UndefinedFunctionError, asyncpg.UndefinedTableError)

_clusters: dict[str, str] = {}


def cluster_of(name: str) -> str:
    """The cluster, database and timeline that the newest connection found; empty before it."""
    return _clusters.get(name, "")


async def begin(connection: Any, name: str) -> None:
    """Call with each new connection."""
    watch_server(connection)
    await read_sooner(connection)
    if tracing.is_on():
        connection.add_query_logger(tracing.spans().statement)
    await look(connection, name)


async def look(connection: Any, name: str) -> None:
    """Note the database under this name, and let its ledger's numbers go on behind the newest."""
    found = await connection.fetchval(CLUSTER)
    try:
        if await connection.fetchval(BEHIND):
            await _go_on(connection)
    except UNMADE:
        pass
    _clusters[name] = found


async def _go_on(connection: Any) -> None:
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({Lock.LEDGER_NUMBERS:d})")
        if behind := await connection.fetchval(BEHIND):
            added = await connection.fetchval(ADDED) + behind
            await connection.execute(NUMBER.format(added=added))
