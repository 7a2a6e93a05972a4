"""An operation and an organization have a part of the connections, and no more."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import database as databases
from models.database.connections import places
from models.database.connections.kept_pool import ACQUIRE_SECONDS

SIZE = 20
SLOW = "SELECT pg_sleep(0.05)"
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND state = 'active'
  AND pid <> pg_backend_pid()
"""


async def statements(organization: UUID, how_many: int) -> None:
    with databases.asking(organization, SIZE):
        await asyncio.gather(*(databases.rows(SLOW) for _ in range(how_many)))


async def most_at_once(asking: asyncio.Future[Any]) -> int:
    most = 0
    while not asking.done():
        most = max(most, (await databases.rows(BUSY))[0]["count"])
    return most


async def test_an_operation_runs_four_statements_at_once(database: None) -> None:
    asking = asyncio.ensure_future(statements(uuid4(), 20))
    assert await most_at_once(asking) == places.OF_AN_OPERATION


async def test_an_organization_has_half_of_the_connections_and_another_the_rest(
    database: None,
) -> None:
    greedy = uuid4()
    asking = asyncio.gather(*(statements(greedy, 4) for _ in range(10)))
    assert await most_at_once(asking) == SIZE // places.PART
    asking = asyncio.gather(*(statements(greedy, 8) for _ in range(10)))
    async with asyncio.timeout(ACQUIRE_SECONDS):
        await statements(uuid4(), 1)
    assert not asking.done()
    await asking


async def test_transactions_take_places_too_and_give_them_back(database: None) -> None:
    organization, ended = uuid4(), Counter[str]()

    async def transact(fails: bool) -> None:
        with databases.asking(organization, SIZE):
            try:
                async with databases.transaction():
                    await databases.rows("SELECT 1 / $1::int", int(not fails))
                ended["done"] += 1
            except Exception:
                ended["failed"] += 1

    async with asyncio.timeout(30):
        await asyncio.gather(*(transact(n % 2 == 0) for n in range(200)))
    assert ended == {"done": 100, "failed": 100}


@pytest.mark.parametrize("size", [2, 3])
async def test_the_smallest_pool_serves_two_organizations(database: None, size: int) -> None:
    async def ask() -> None:
        with databases.asking(uuid4(), size):
            await databases.rows("SELECT 1")

    await asyncio.gather(*(ask() for _ in range(20)))


async def test_cancelled_askers_leave_no_place_taken(database: None) -> None:
    organization = uuid4()
    asking = [asyncio.create_task(statements(organization, 4)) for _ in range(20)]
    for n, task in enumerate(asking):
        await asyncio.sleep(0.005 * (n % 3))
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    async with asyncio.timeout(ACQUIRE_SECONDS):
        await asyncio.gather(*(statements(organization, 4) for _ in range(3)))
