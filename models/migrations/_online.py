"""Schema changes on a live database: each step looks first, so a killed run goes on where it was.

Indexes are built CONCURRENTLY and keys are validated after they exist. A statement that needs an
exclusive lock gives up after LOCK_TIMEOUT and tries again, so nobody waits behind it for longer.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog

from models.database.locks import Lock

# Below PostgreSQL's deadlock_timeout of 1 s: this side gives way before anybody is cancelled.
LOCK_TIMEOUT = "100ms"
LOCK_ATTEMPTS = 600
DAY = 86_400.0
# A client that is gone must not leave its index build running.
SESSION = "SET client_connection_check_interval = '1s'; SET statement_timeout = 0"
log = structlog.get_logger()

INDEX = """
SELECT i.indisvalid, pg_get_indexdef(i.indexrelid, 1, true) AS leads,
  pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relname = $1 AND c.relnamespace = 'public'::regnamespace
"""
CONSTRAINT = """
SELECT k.convalidated, coalesce(i.indisprimary, false) AS to_primary,
  pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint k LEFT JOIN pg_index i ON i.indexrelid = k.conindid
WHERE k.conrelid = to_regclass($1) AND k.conname = $2
"""


@dataclass(frozen=True, slots=True)
class Online:
    """One connection that changes the schema, outside any transaction of its own."""

    connection: Any

    async def replace_index(
        self, name: str, definition: str, *, unique: bool = False, leads: str = "organization_id"
    ) -> None:
        """`definition` is what follows the name; an index by this name goes when it is built.

        One whose first column is `leads` is the new one.
        """
        if not await self._leads(name, leads):
            await self._replace_index(name, definition, unique=unique)

    async def redefine_index(
        self, name: str, table: str, definition: str, *, unique: bool = False
    ) -> None:
        """Replace the index unless it has the definition, written as PostgreSQL prints it."""
        present = await self.connection.fetchrow(INDEX, name)
        if not present or not present["definition"].endswith(f" USING btree {definition}"):
            await self._replace_index(name, f"ON {table} {definition}", unique=unique)

    async def _replace_index(self, name: str, definition: str, *, unique: bool) -> None:
        await self.build_index(f"{name}_new", definition, unique=unique)
        await self.drop_index(name)
        await self.briefly(f"ALTER INDEX {name}_new RENAME TO {name}")

    async def replace_key(self, table: str, name: str, kind: str, columns: str) -> None:
        """`kind` is PRIMARY KEY or UNIQUE, perhaps with NULLS NOT DISTINCT."""
        if not await self._leads(name, "organization_id"):
            kind, _, nulls = kind.partition(" NULLS")
            tail = f" NULLS{nulls}" if nulls else ""
            await self.build_index(f"{name}_new", f"ON {table} ({columns}){tail}", unique=True)
            await self.briefly(
                f"ALTER TABLE {table} DROP CONSTRAINT {name},"
                f" ADD CONSTRAINT {name} {kind} USING INDEX {name}_new"
            )

    async def point_to_primary(self, table: str, name: str, columns: str, target: str) -> None:
        """Replace a foreign key by the same one to the target's primary key."""
        present = await self._constraint(table, name)
        if present and present["to_primary"]:
            return
        await self.add_constraint(
            table, f"{name}_new", f"FOREIGN KEY ({columns}) REFERENCES {target}"
        )
        await self.briefly(
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name};"
            f"ALTER TABLE {table} RENAME CONSTRAINT {name}_new TO {name}"
        )

    async def add_constraint(self, table: str, name: str, definition: str) -> None:
        present = await self._constraint(table, name)
        if not present:
            await self.briefly(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
        if not present or not present["convalidated"]:
            await self.slowly(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")

    async def replace_check(self, table: str, name: str, definition: str) -> None:
        """Replace the check of a list of values; one that has the same values stays."""
        present = await self._constraint(table, name)
        if present and _values(present["definition"]) == _values(definition):
            return
        await self.add_constraint(table, f"{name}_new", definition)
        await self.briefly(
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name};"
            f"ALTER TABLE {table} RENAME CONSTRAINT {name}_new TO {name}"
        )

    async def drop_constraint(self, table: str, name: str) -> None:
        if await self._constraint(table, name):
            await self.briefly(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    async def build_index(self, name: str, definition: str, *, unique: bool = False) -> None:
        """An invalid one is what a killed build left: it goes first."""
        present = await self.connection.fetchrow(INDEX, name)
        if present and not present["indisvalid"]:
            await self.drop_index(name)
        if not present or not present["indisvalid"]:
            create = "CREATE UNIQUE INDEX" if unique else "CREATE INDEX"
            await self.slowly(f"{create} CONCURRENTLY {name} {definition}")

    async def drop_index(self, name: str) -> None:
        if await self.connection.fetchrow(INDEX, name):
            await self.slowly(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")

    async def slowly(self, sql: str) -> None:
        """A statement that blocks no reads and no writes, however long it takes."""
        began = time.monotonic()
        await self.connection.execute(sql, timeout=DAY)
        if (seconds := time.monotonic() - began) > 1:
            log.info("migration_step", sql=" ".join(sql.split()), seconds=round(seconds, 1))

    async def briefly(self, sql: str) -> None:
        """A statement that needs an exclusive lock for a moment, as often as it takes to get it.

        Raises LockNotAvailableError after LOCK_ATTEMPTS: then some transaction has been open for
        about ten minutes.
        """
        for _ in range(LOCK_ATTEMPTS - 1):
            with contextlib.suppress(asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                return await self._locked(sql)
            await asyncio.sleep(1)
        return await self._locked(sql)

    async def _locked(self, sql: str) -> None:
        async with self.connection.transaction():
            await self.connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; {sql}")

    async def _leads(self, index: str, column: str) -> bool:
        present = await self.connection.fetchrow(INDEX, index)
        return present is not None and present["leads"] == column

    async def _constraint(self, table: str, name: str) -> Any:
        return await self.connection.fetchrow(CONSTRAINT, table, name)


def _values(definition: str) -> set[str]:
    return set(re.findall(r"'(\w+)'", definition))


@contextlib.asynccontextmanager
async def online(client: Any) -> AsyncIterator[Online]:
    """Its lock outlives a killed process for as long as the server still works for it."""
    async with client.acquire_connection() as connection:
        await connection.execute(SESSION)
        ask = "SELECT pg_try_advisory_lock($1)"
        while not await connection.fetchval(ask, Lock.MIGRATION_STEPS):  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        try:
            yield Online(connection)
        finally:
            if not connection.is_closed():
                await connection.execute(
                    f"SELECT pg_advisory_unlock({Lock.MIGRATION_STEPS:d}); RESET ALL"
                )
