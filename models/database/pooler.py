"""PgBouncer in transaction mode, between the processes that serve and PostgreSQL.

Each transaction may have another session of PostgreSQL. So no statement stays prepared there, and
a session's settings are PgBouncer's to make. What needs a session of its own, as migrations do,
goes past PgBouncer, to SEAPOOL_DATABASE_DIRECT_URL. So does the look at which database it is: a
connection to PgBouncer stays open when a standby is promoted behind it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

from models import sparing_log
from models.database.cluster import look
from models.database.connections import kept_pool
from models.database.connections.hosts import connect, problem_of
from models.database.faults import is_away
from models.database.session import BOUNDS, SERVING, SESSION

WATCH_SECONDS = 1.0
ANSWER_SECONDS = 2.0
# TCP's are PgBouncer's own.
NEEDED = {
    name: value
    for name, value in (SESSION | BOUNDS | SERVING).items()
    if not name.startswith("tcp_")
}
SETTING = "SELECT current_setting($1)"


class Connection(kept_pool.Connection):
    """A cursor needs a name; asyncpg counts them, and so would another process on its session."""

    __slots__ = ()

    def _get_unique_id(self, prefix: str) -> str:
        return f"__seapool_{prefix}_{uuid4().hex}__"


OPTIONS: Mapping[str, Any] = {"statement_cache_size": 0, "connection_class": Connection}


def connect_query() -> str:
    """Return what PgBouncer has to run in each new session, as text for its configuration."""
    made = (f"set_config(''{name}'', ''{value}'', false)" for name, value in NEEDED.items())
    return f"connect_query='SELECT {', '.join(made)}'"


async def has_settings(connection: Any, wanted: Mapping[str, str]) -> bool:
    """Whether the session is as `wanted`: a pooler may have left out what we sent."""
    for name, value in wanted.items():
        if await connection.fetchval(SETTING, name) != value:
            return False
    return True


@contextlib.asynccontextmanager
async def watched(url: str, name: str) -> AsyncIterator[None]:
    """Note under `name` which database is behind the pooler, while this is entered."""
    watching = asyncio.create_task(_watch(url, name))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(url: str, name: str) -> None:
    while True:
        try:
            await _watch_one(url, name)
        except Exception as fault:
            if not is_away(fault) and not isinstance(fault, TimeoutError):
                raise
            fact = problem_of(fault)
            sparing_log.warning("the primary behind the pooler is away", fault=fact)
        await asyncio.sleep(WATCH_SECONDS)


async def _watch_one(url: str, name: str) -> None:
    """Look at a database once, then hold on to it until it is gone."""
    connection = await connect(url, seconds=ANSWER_SECONDS)
    try:
        await look(connection, name)
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await connection.execute("SELECT 1", timeout=ANSWER_SECONDS)
    finally:
        connection.terminate()
