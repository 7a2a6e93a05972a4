"""A member's requests as the organization grows in customers, and the database in organizations.

SIZE (1,000,000) is the largest organization. A million take about 2 GB, as do 1,000 others.
"""

import os
import statistics
import time
from uuid import UUID

import asyncpg

from benchmarks.ground import ground
from benchmarks.scale.asking import Request, first_member, requests
from benchmarks.scale.data import found, grow
from models import database
from settings import Settings

LARGEST = int(os.getenv("SIZE", "1000000"))
SIZES = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size <= LARGEST]
BESIDE = [0, 99, 900]
OF_OTHERS = 1_000
WARM, ROUNDS = 5, 40
Figures = dict[str, float]


async def main() -> None:
    async with ground(pool_size=4) as settings:
        print(f"tenth percentile of {ROUNDS}, ms (times the first):")
        columns = {}
        (own,) = await _filled(settings, 1, SIZES[0])
        for start, size in zip([0, *SIZES], SIZES, strict=False):
            if start:
                await _grown(settings, [own], start, size)
            columns[f"{size:,} customers"] = await _measured(own)
        _print(columns)
    async with ground(pool_size=4) as settings:
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
    member = await first_member(organization_id)
    asked = await requests(member, WARM + ROUNDS)
    return {name: await _fast(request) for name, request in asked.items()}


async def _fast(request: Request) -> float:
    """Return the tenth percentile: what else the machine does at the time adds to the others."""
    seconds = []
    for _ in range(WARM + ROUNDS):
        began = time.perf_counter()
        await request()
        seconds.append(time.perf_counter() - began)
    return statistics.quantiles(seconds[WARM:], n=10)[0]


def _print(columns: dict[str, Figures]) -> None:
    first = next(iter(columns.values()))
    print(" " * 26 + "".join(f"{name:>24}" for name in columns))
    for name in first:
        cells = (
            f"{each[name] * 1e3:.2f} ({each[name] / first[name]:.1f})" for each in columns.values()
        )
        print(f"  {name:24}" + "".join(f"{cell:>24}" for cell in cells))
