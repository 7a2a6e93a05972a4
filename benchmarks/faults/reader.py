"""What the tables tell: visible releases, members who hold too many, commits of events."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.faults.world import CAPACITY, World
from models import database
from models.ledger import feed
from models.ledger.feed import Cursor

EVERY_SECONDS = 0.2
TIMEOUT_SECONDS = 3
# A slow transaction's event may become visible after later ones.
OVERLAP = 3_000
RELEASES = """
SELECT id, seq, extract(epoch FROM due_at)::float AS due FROM event
WHERE organization_id = $1 AND action = 'RELEASED' AND seq > $2
"""
TOO_MANY = """
SELECT owner_id FROM customer WHERE organization_id = $1 AND owner_id IS NOT NULL
GROUP BY owner_id HAVING count(*) > $2
"""
COMMITTED = """
SELECT txid, seq, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float AS at FROM event
WHERE organization_id = $1 AND seq > $2
"""


@dataclass
class Reader:
    world: World
    since: int
    # When each release was due, and when it was seen.
    releases: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    too_many: set[UUID] = field(default_factory=set)
    _newest: int = 0

    async def run(self) -> None:
        self._newest = self.since
        while True:
            # PostgreSQL is away or stands still: ask again on a new connection.
            with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, *BROKEN):
                await self._read_on()
            await asyncio.sleep(EVERY_SECONDS)

    async def _read_on(self) -> None:
        address = database.credentials(self.world.settings.database_url or "")
        connection = await asyncpg.connect(**address, timeout=TIMEOUT_SECONDS)
        try:
            while True:
                await self._read(connection)
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            connection.terminate()

    async def _read(self, connection: Any) -> None:
        own = self.world.boss.organization.id
        since = max(self.since, self._newest - OVERLAP)
        rows = await connection.fetch(RELEASES, own, since, timeout=TIMEOUT_SECONDS)
        seen = time.time() + self.world.clocks.ahead
        for row in rows:
            self.releases.setdefault(row["id"], (row["due"], seen))
            self._newest = max(self._newest, row["seq"])
        found = await connection.fetch(TOO_MANY, own, CAPACITY, timeout=TIMEOUT_SECONDS)
        self.too_many |= {row["owner_id"] for row in found}


BROKEN = (asyncpg.InterfaceError, asyncpg.InternalClientError)


async def committed(world: World, since: Cursor) -> dict[str, float]:
    """When each event was committed, by its cursor."""
    seal, found = world.boss.seal, {}
    for row in await database.rows(COMMITTED, world.boss.organization.id, since.seq):
        if row["at"]:
            cursor = await feed.format_cursor(Cursor(row["txid"], row["seq"]), seal)
            found[cursor] = row["at"]
    return found
