import random
import re
from datetime import UTC, datetime

import asyncpg
import pytest

from models import database
from models.ledger import replay
from models.ownership import claims
from models.ownership.drain import BATCH, DUE, LANES, Drain, release_due
from models.ownership.release_statement import Release, write_release
from models.tables import Customer
from models.viewers import Viewer
from tests.support.samples import Office, time_passes, under_way

LOCK_MEMBER = "SELECT FROM member WHERE organization_id = $1 AND id = $2 FOR UPDATE"


WRITE = """
INSERT INTO event (organization_id, action, actor_id)
SELECT organization_id, 'UPDATED', id FROM member WHERE organization_id = $1 LIMIT 1
"""


class SeenDrain(Drain):
    """A drain that notes the lane of each batch; somebody of an office writes after it."""

    def __init__(self, somebody_of: Office | None = None) -> None:
        super().__init__()
        self.lanes: list[int | None] = []
        self._somebody_of = somebody_of

    async def _release_batch(self, lane: int | None) -> int:
        self.lanes.append(lane)
        count = await super()._release_batch(lane)
        if self._somebody_of:
            await database.rows(WRITE, self._somebody_of.id)
        return count


async def due(office: Office, count: int) -> list[Viewer]:
    """So many are due, a hundred of each owner; the last owner's are due last."""
    pool = await office.pool(max_hold="P1D")
    ids = await office.customers(pool, count)
    people = [await office.person() for _ in range(0, count, 100)]
    for n, who in enumerate(people):
        await claims.claim(who, ids[n * 100 : n * 100 + 100])
    await time_passes("1 day")
    return people


async def test_more_than_a_batch_is_released_whoever_holds_it(office: Office) -> None:
    await due(office, 2 * BATCH + 300)
    assert await release_due() == 2 * BATCH + 300
    assert await Customer.exclude(owner_id=None).count() == 0
    assert await replay.differences() == []


async def test_several_lanes_release_where_nobody_else_writes(office: Office) -> None:
    await due(office, 3 * BATCH + 100)
    drain = SeenDrain()
    assert await drain() == 3 * BATCH + 100
    assert {*drain.lanes} == {None, *range(LANES)}


async def test_while_somebody_writes_one_statement_releases_at_a_time(office: Office) -> None:
    await due(office, 3 * BATCH + 100)
    drain = SeenDrain(somebody_of=office)
    assert await drain() == 3 * BATCH + 100
    assert drain.lanes == [None] * 5


async def test_customers_due_at_once_are_released_in_the_order_of_their_ids(office: Office) -> None:
    pool = await office.pool(max_hold="P1D")
    ids = sorted(await office.customers(pool, 30))
    who = await office.person()
    for id in random.Random(7).sample(ids, 30):
        await claims.claim(who, [id])
    await Customer.filter(owner_id=who.id).update(release_at=datetime.now(UTC))
    for n in range(0, 30, 10):
        released = await write_release(DUE, Release(), 10, None)
        assert {row["id"] for row in released} == {*ids[n : n + 10]}


async def test_an_index_has_the_order_in_which_a_batch_is_taken(office: Office) -> None:
    async with database.transaction():
        # Few rows are sorted otherwise.
        await database.rows("SET LOCAL enable_sort = off")
        given = "NULL, NULL, NULL, NULL, NULL, 10, NULL"
        await database.rows(f"PREPARE due (text, text, uuid, uuid, text, int, int) AS {DUE}")
        lines = await database.rows(f"EXPLAIN EXECUTE due ({given})")
        await database.rows("DEALLOCATE due")
    plan = "\n".join(line["QUERY PLAN"] for line in lines)
    assert "Index Scan using customer_due on customer c" in plan
    assert not re.search(r"Sort Key: c\w*\.release_at", plan)


async def test_a_fault_in_one_lane_is_told_as_itself_and_the_next_drain_goes_on(
    office: Office,
) -> None:
    people = await due(office, 2 * BATCH + 300)
    last = people[-1]
    async with under_way(lambda: database.rows(LOCK_MEMBER, last.organization.id, last.id)):
        with pytest.raises(asyncpg.LockNotAvailableError):
            await release_due()
        assert await Customer.filter(owner_id=last.id).count() == 100
    await release_due()
    assert await Customer.exclude(owner_id=None).count() == 0
    assert await replay.differences() == []
