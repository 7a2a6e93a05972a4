"""A database of its own for a benchmark: real engines, durable as in production."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import engines
from models import database
from models.customers import csv_import
from models.organizations import members
from models.organizations.founding import create_organization
from models.organizations.members import MemberFields
from models.ownership import claims
from models.pools import access, pools
from models.queue import queue
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer, viewer
from settings import Settings

SECRET = "benchmarks only, never in production"


@contextlib.contextmanager
def temporary_folder(prefix: str = "seapool-bench-") -> Iterator[Path]:
    """A folder that PostgreSQL's user can enter where root runs this: all data ends with it."""
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@contextlib.asynccontextmanager
async def ground(pool_size: int = 20) -> AsyncIterator[Settings]:
    with temporary_folder() as folder, engines.started(folder) as running:
        settings = Settings(
            database_url=running.database_url,
            redis_url=running.redis_url,
            secret=SECRET,
            pool_size=pool_size,
        )
        await database.migrate(settings)
        async with database.connected(settings), queue.connected(settings):
            yield settings


async def sales_team(size: int, customers: int, rules: Rules) -> tuple[Pool, list[Viewer]]:
    """One pool with so many customers, open to so many salespeople."""
    admin = await create_organization("Benchmark", "admin@bench.test", "Asia/Shanghai")
    boss = await _viewer(admin.organization_id, admin.id)
    team = [
        await members.save(
            boss, None, MemberFields(f"Sales {n}", f"sales{n}@bench.test", role="SALES")
        )
        for n in range(size)
    ]
    pool = await pools.create(boss, "Pool", rules)
    boss = await _viewer(admin.organization_id, admin.id)
    await access.set_access(boss, pool.id, [member.id for member in team], [], [])
    for start in range(0, customers, 20_000):
        names = [f"customer {n}" for n in range(start, min(start + 20_000, customers))]
        await csv_import.import_customers(boss, pool.id, "\n".join(["name", *names]))
    await database.rows("ANALYZE")
    return pool, [await _viewer(admin.organization_id, member.id) for member in team]


async def hold_all(team: list[Viewer]) -> None:
    """Everyone in the pool is claimed, by each of the team as many; the queue forgets it."""
    rows = await database.rows("SELECT id FROM customer WHERE owner_id IS NULL")
    ids = [row["id"] for row in rows]
    for n in range(0, len(ids), 100):
        await claims.claim(team[n // 100 % len(team)], ids[n : n + 100])
    assert queue.queue.redis is not None
    await queue.queue.redis.flushdb()


async def admin(team: list[Viewer]) -> Viewer:
    """As of now, with the pools that there are."""
    rows = await database.rows(
        "SELECT id FROM member WHERE organization_id = $1 AND role = 'ADMIN'",
        team[0].organization.id,
    )
    return await _viewer(team[0].organization.id, rows[0]["id"])


async def _viewer(organization_id: UUID, member_id: UUID) -> Viewer:
    found = await viewer(organization_id, member_id)
    assert found is not None
    return found
