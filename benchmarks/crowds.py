"""Pools in which a customer comes and goes, and the members who watch them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from benchmarks.ground import admin, sales_team
from benchmarks.operations import CONTACTS
from commands.tokens import sign
from models import database
from models.customers import csv_import
from models.pools import access, pools
from models.rules.rules import Rules
from models.viewers import Viewer
from settings import Settings

RULES = Rules.from_json({"capacity": 1_000_000})
MEMBERS = """
INSERT INTO member (organization_id, name, email, role)
SELECT $1, 'Watcher ' || n, 'watcher' || n || '@bench.test', 'SALES'
FROM generate_series(1, $2::int) AS n RETURNING id
"""
CUSTOMERS = "SELECT id FROM customer WHERE pool_id = $1"


@dataclass(frozen=True, slots=True)
class Crowd:
    """One organization: each watched pool has one customer, `free` are in another pool."""

    settings: Settings
    boss: Viewer
    claimer: UUID
    members: Sequence[UUID]
    watched: Sequence[tuple[UUID, UUID]]
    free: list[UUID]

    def token(self, member_id: UUID) -> str:
        return sign(self.settings, member_id, self.boss.organization.id)


async def gathered(settings: Settings, *, pool_count: int, members: int, free: int) -> Crowd:
    """Members who see all pools; so many pools to watch, and so many customers besides."""
    pool, team = await sales_team(1, free, RULES)
    boss = await admin(team)
    rows = await database.rows(MEMBERS, boss.organization.id, members)
    people = [row["id"] for row in rows]
    await access.set_access(boss, pool.id, [team[0].id, *people], [], [])
    watched = []
    for n in range(pool_count):
        watched.append(await _watched(boss, f"Watched {n}", [team[0].id, *people]))
        boss = await admin(team)
    await database.rows(CONTACTS)
    await database.rows("ANALYZE")
    customers = await _customers(pool.id)
    return Crowd(settings, boss, team[0].id, people, watched, customers)


async def _watched(boss: Viewer, name: str, people: Sequence[UUID]) -> tuple[UUID, UUID]:
    """Return a new pool that these people see, and its only customer."""
    pool = await pools.create(boss, name, RULES)
    boss = await admin([boss])
    await access.set_access(boss, pool.id, people, [], [])
    await csv_import.import_customers(boss, pool.id, f"name\n{name} customer")
    [customer] = await _customers(pool.id)
    return pool.id, customer


async def _customers(pool_id: UUID) -> list[UUID]:
    rows = await database.rows(CUSTOMERS, pool_id)
    return [row["id"] for row in rows]
