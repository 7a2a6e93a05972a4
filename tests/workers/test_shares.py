"""Workers that share the organizations: each serves its own, and together all, exactly once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

import pytest

from models import database as databases
from models.database import session
from models.database.locks import PART_BITS, Lock
from models.holding.alarms import organizations_due
from models.ledger import replay
from models.ownership import claims
from models.ownership.drain import ring_release
from models.sharding.share import Share
from tests.support.running import Processes
from tests.support.samples import (
    Office,
    connection,
    found,
    numbers,
    row,
    story,
    time_passes,
    until,
)
from tests.workers.test_sweep import empty_the_queue
from workers.sweep import Sweep

HALVES = (Share(1, 2), Share(2, 2))
RELEASED = ["CREATED", "CLAIMED", "RELEASED"]
REMINDED = ["CREATED", "CLAIMED", "REMINDED"]


async def with_due() -> tuple[Office, UUID, UUID]:
    """An organization, a customer that is due ten days later, and one with a reminder by then."""
    office = await found(email=f"admin@{next(numbers)}.test")
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    late = await office.pool(max_hold="P12D", reminders=["P3D"])
    li = await office.person()
    released, reminded = await office.customer(pool), await office.customer(late)
    await claims.claim(li, [released])
    await claims.claim(li, [reminded])
    return office, released, reminded


async def offices_of_both() -> dict[Share, list[tuple[UUID, UUID]]]:
    """The customers of four organizations or more: some of each half."""
    of: dict[Share, list[tuple[UUID, UUID]]] = {share: [] for share in HALVES}
    while sum(map(len, of.values())) < 4 or not all(of.values()):
        office, released, reminded = await with_due()
        (share,) = (each for each in HALVES if each.has(office.id))
        of[share].append((released, reminded))
    await empty_the_queue()
    await time_passes("10 days")
    return of


async def stories(customers: list[tuple[UUID, UUID]]) -> list[tuple[list[str], list[str]]]:
    return [(await story(one), await story(other)) for one, other in customers]


async def test_a_sweep_serves_its_share_and_no_other(database: None) -> None:
    mine, others = HALVES
    of = await offices_of_both()
    await Sweep("one", share=mine).once()
    assert await stories(of[mine]) == [(RELEASED, REMINDED)] * len(of[mine])
    assert await stories(of[others]) == [(RELEASED[:2], REMINDED[:2])] * len(of[others])
    await Sweep("one", share=others).once()
    assert await stories(of[others]) == [(RELEASED, REMINDED)] * len(of[others])
    assert await organizations_due() == []
    assert await replay.differences() == []


async def test_sweeps_of_different_shares_run_at_the_same_time(database: None) -> None:
    of = await offices_of_both()
    await asyncio.gather(*(Sweep(str(each), share=each).once() for each in HALVES))
    for customers in of.values():
        assert await stories(customers) == [(RELEASED, REMINDED)] * len(customers)


async def test_of_two_workers_of_a_share_one_goes_on_where_the_other_is_killed(
    database: None, processes: Processes
) -> None:
    office, released, reminded = await with_due()
    (share,) = (each for each in HALVES if each.has(office.id))
    number = f"{share.number}/{share.parts}"
    dying, _ = [await processes.worker(SEAPOOL_SHARE=number) for _ in range(2)]
    await empty_the_queue()
    dying.kill()
    await time_passes("10 days")
    await until(partial(is_told, released, RELEASED))
    await until(partial(is_told, reminded, REMINDED))
    assert await replay.differences() == []


async def test_another_worker_of_a_share_goes_on_in_ten_seconds_if_one_stands_still(
    database: None,
) -> None:
    office, released, reminded = await with_due()
    (share,) = (each for each in HALVES if each.has(office.id))
    left, li = await office.customer(await office.pool()), await office.person()
    await claims.claim(li, [left])
    await empty_the_queue()
    await time_passes("10 days")
    await databases.rows("UPDATE member SET active = false WHERE id = $1", li.id)
    await databases.rows("UPDATE customer SET keyed_at = NULL WHERE id = $1", left)
    async with standing_still(share):
        sweep = Sweep("next", 0.1, share)
        await sweep.once()
        await sweep.catch_up()
        assert await story(released) == RELEASED[:2]
        running = asyncio.create_task(sweep.run())
        try:
            await until(partial(is_told, released, RELEASED))
            await until(partial(is_told, reminded, REMINDED))
            await until(partial(is_told, left, RELEASED))
            await until(partial(has_keys, left))
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@contextlib.asynccontextmanager
async def standing_still(share: Share) -> AsyncIterator[None]:
    """A worker of the share that has just got its locks, and never moves again."""
    async with connection() as dead:
        for name, value in session.BOUNDS.items():
            await dead.execute(f"SET {name} = '{value}'")
        await dead.execute("BEGIN")
        for lock in (Lock.SWEEP, Lock.REEVALUATION):
            number = share.number << PART_BITS | lock
            await dead.execute("SELECT pg_try_advisory_xact_lock($1)", number)
        yield


async def has_keys(id: UUID) -> bool:
    return not await databases.rows("SELECT FROM customer WHERE id = $1 AND keyed_at IS NULL", id)


async def is_told(id: UUID, actions: list[str]) -> bool:
    return await story(id) == actions


async def test_an_alarm_serves_only_the_organization_of_its_customer(database: None) -> None:
    (_, ringing, _), (_, other, _) = await with_due(), await with_due()
    await time_passes("10 days")
    assert await ring_release(ringing, 1, "job", of_one=True) is None
    assert await story(ringing) == RELEASED
    assert (await row(other)).owner_id is not None


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_an_organization_has_one_share(parts: int) -> None:
    shares = [Share.parsed(f"{number + 1}/{parts}") for number in range(parts)]
    for n in range(50):
        assert sum(share.has(UUID(int=n * 12345)) for share in shares) == 1
