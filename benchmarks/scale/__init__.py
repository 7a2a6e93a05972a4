"""A member's requests as the organization grows in customers, and the database in organizations.

How long each takes, and how many pages PostgreSQL reads for it: these hold on a busy machine too.
SIZE (1,000,000) is the largest organization. A million take about 2 GB, as do 1,000 others.
"""

import asyncio
import os
import statistics
import time
from uuid import UUID

import asyncpg

from benchmarks.ground import ground
from benchmarks.scale.asking import Request, requests, sellers
from benchmarks.scale.data import found, grow
from models import database
from settings import Settings

LARGEST = int(os.getenv("SIZE", "1000000"))
SIZES = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size <= LARGEST]
BESIDE = [0, 99, 900]
OF_OTHERS = 1_000
TURNS, WARM, ASKED = 8, 3, 10
# By request: ms, and pages of PostgreSQL.
Figures = dict[str, tuple[float, float]]
CONNECTIONS = 2
# Each connection counts its pages and tells them when it is asked. The sleep keeps it busy, so both
# are asked.
FLUSH = "SELECT pg_stat_force_next_flush(), pg_sleep(0.01)"
PAGES = """
SELECT sum(io.hits + io.reads)::bigint AS pages
FROM pg_stat_activity a, pg_stat_get_backend_io(a.pid) io
WHERE a.datname = current_database() AND a.backend_type = 'client backend'
"""


async def main() -> None:
    async with ground(pool_size=CONNECTIONS) as settings:
        columns = {}
        (own,) = await _filled(settings, 1, SIZES[0])
        for start, size in zip([0, *SIZES], SIZES, strict=False):
            if start:
                await _grown(settings, [own], start, size)
            columns[f"{size:,} customers"] = await _measured(own)
        _print(columns)
    async with ground(pool_size=CONNECTIONS) as settings:
        columns = {}
        (own,) = await _filled(settings, 1, SIZES[0])
        for others in BESIDE:
            if others:
                await _filled(settings, others, OF_OTHERS)
            count = (await database.rows("SELECT count(*) AS n FROM organization"))[0]["n"]
            columns[f"{count:,} organizations"] = await _measured(own)
        _print(columns)


async def _filled(settings: Settings, count: int, customers: int) -> list[UUID]:
    connection = await asyncpg.connect(**database.credentials(settings.database_url or ""))
    try:
        ids = await found(connection, count)
        await grow(connection, ids, 0, customers)
        return ids
    finally:
        await connection.close()


async def _grown(settings: Settings, ids: list[UUID], start: int, end: int) -> None:
    connection = await asyncpg.connect(**database.credentials(settings.database_url or ""))
    try:
        await grow(connection, ids, start, end)
    finally:
        await connection.close()


async def _measured(organization_id: UUID) -> Figures:
    """Return the tenth percentile of ms, as what else the machine does adds to the others.

    And how many pages were read, on the average. The requests take turns: so no moment at which
    the machine is slow has all of one request.
    """
    asked = await requests(*await sellers(organization_id), TURNS * (WARM + ASKED))
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    pages = dict.fromkeys(asked, 0)
    for _ in range(TURNS):
        for name, request in asked.items():
            for _ in range(WARM):
                await request()
            before = await _pages()
            seconds[name] += [await _seconds(request) for _ in range(ASKED)]
            pages[name] += await _pages() - before
    return {
        name: (statistics.quantiles(found, n=10)[0] * 1e3, pages[name] / len(found))
        for name, found in seconds.items()
    }


async def _seconds(request: Request) -> float:
    began = time.perf_counter()
    await request()
    return time.perf_counter() - began


async def _pages() -> int:
    await asyncio.gather(*(database.rows(FLUSH) for _ in range(CONNECTIONS)))
    return int((await database.rows(PAGES))[0]["pages"])


def _print(columns: dict[str, Figures]) -> None:
    for n, what in enumerate((f"ms, tenth percentile of {TURNS * ASKED}", "pages of PostgreSQL")):
        print(f"{what} (times the first):")
        print(" " * 26 + "".join(f"{name:>24}" for name in columns))
        for request, first in next(iter(columns.values())).items():
            found = [each[request][n] for each in columns.values()]
            cells = (f"{value:.2f} ({value / (first[n] or 1):.1f})" for value in found)
            print(f"  {request:24}" + "".join(f"{cell:>24}" for cell in cells))
