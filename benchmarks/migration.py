"""The newest migrations on a large database, while others claim and note: `SIZE` customers."""

import asyncio
import itertools
import statistics
import time
from collections import Counter
from typing import Any

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate

import engines
from benchmarks.ground import temporary_folder
from benchmarks.large import SIZE, fill
from models import database
from settings import Settings

CLIENTS = 4
INSERTS = 50_000
RELEASED = "models.0006_leavers"
SECRET = "benchmarks only, never in production"

# As the release before wrote them: by id alone.
NOTE = """
WITH picked AS (
  SELECT id FROM customer WHERE id = $1 AND owner_id IS NOT NULL FOR UPDATE
), noted AS (
  UPDATE customer c SET followed_up_at = now() FROM picked p WHERE c.id = p.id RETURNING c.*
)
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id)
SELECT organization_id, id, epoch, 'FOLLOWED_UP', owner_id, owner_id, pool_id FROM noted
"""
CLAIM = """
WITH picked AS (
  SELECT id, pool_id FROM customer WHERE id = $1 AND owner_id IS NULL FOR UPDATE
), seats AS (
  SELECT s.id, s.member_id FROM seat s JOIN picked p ON p.pool_id = s.pool_id
  ORDER BY s.id LIMIT 1 FOR UPDATE OF s
), seated AS (
  UPDATE seat s SET held = held + 1 FROM seats n WHERE s.id = n.id
), taken AS (
  UPDATE customer c SET owner_id = n.member_id, epoch = epoch + 1, claimed_at = now(),
    opened_at = NULL, rules_version = 7
  FROM picked p, seats n WHERE c.id = p.id RETURNING c.*
)
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id)
SELECT organization_id, id, epoch, 'CLAIMED', owner_id, owner_id, pool_id FROM taken
"""
INSERT = """
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id)
SELECT organization_id, id, 1, 'FOLLOWED_UP', owner_id, owner_id, pool_id FROM customer
WHERE owner_id IS NOT NULL LIMIT $1
"""
PICK = """
SELECT id, owner_id IS NULL AS free FROM customer TABLESAMPLE SYSTEM (5) LIMIT 20000
"""
SIZES = """
SELECT relname, pg_size_pretty(pg_table_size(oid)) AS rows,
  pg_size_pretty(pg_indexes_size(oid)) AS indexes
FROM pg_class WHERE relname IN ('customer', 'event', 'seat') AND relkind = 'r' ORDER BY 1
"""


class Load:
    """Clients that claim and note one after the other, and how long each of them waited."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        self.credentials = credentials
        self.waits: list[float] = []
        self.faults = Counter[str]()
        self.ends = False

    async def client(self, ids: list[Any]) -> None:
        connection = await asyncpg.connect(**self.credentials)
        try:
            for id, free in itertools.cycle(ids):
                if self.ends:
                    break
                await self._ask(connection, CLAIM if free else NOTE, id)
                await asyncio.sleep(0.01)
        finally:
            await connection.close()

    async def _ask(self, connection: Any, sql: str, id: Any) -> None:
        began = time.perf_counter()
        try:
            await connection.execute(sql, id)
        except asyncpg.PostgresError as error:
            self.faults[type(error).__name__] += 1
        self.waits.append(time.perf_counter() - began)


async def main() -> None:
    with (
        temporary_folder() as folder,
        engines.started(folder) as running,
    ):
        url = running.database_url
        settings = Settings(database_url=url, redis_url=running.redis_url, secret=SECRET)
        connection = await asyncpg.connect(**database.credentials(url))
        await _measure(settings, connection)
        await connection.close()


async def _measure(settings: Settings, connection: Any) -> None:
    async with TortoiseContext():
        await migrate(config=connection.config(settings), target=RELEASED)
    await fill(connection)
    await _tell("before", connection)
    load = Load(database.credentials(settings.database_url or ""))
    picked = [tuple(row) for row in await connection.fetch(PICK)]
    clients = [asyncio.create_task(load.client(picked[n::CLIENTS])) for n in range(CLIENTS)]
    await asyncio.sleep(5)
    quiet, load.waits = load.waits, []
    began = time.monotonic()
    await database.migrate(settings)
    seconds = time.monotonic() - began
    load.ends = True
    await asyncio.gather(*clients)
    print(f"migrated in {seconds:.1f} s")
    _tell_waits("before it", quiet)
    _tell_waits("during it", load.waits)
    print(f"faults: {dict(load.faults) or 'none'}")
    await _tell("after", connection)


async def _tell(when: str, connection: Any) -> None:
    events = await connection.fetchval("SELECT count(*) FROM event")
    print(f"{when}: {SIZE} customers, {events} events")
    for row in await connection.fetch(SIZES):
        print(f"  {row['relname']}: rows {row['rows']}, indexes {row['indexes']}")
    transaction = connection.transaction()
    await transaction.start()
    began = time.perf_counter()
    await connection.execute(INSERT, INSERTS)
    each = (time.perf_counter() - began) / INSERTS
    await transaction.rollback()
    print(f"  an event costs {each * 1e6:.0f} µs to insert")


def _tell_waits(when: str, waits: list[float]) -> None:
    median, longest = statistics.median(waits), max(waits)
    print(
        f"{len(waits)} statements {when}: median {median * 1000:.1f} ms,"
        f" longest {longest * 1000:.0f} ms"
    )


if __name__ == "__main__":
    asyncio.run(main())
