"""Locks through HTTP: how many there may be, and what they hold off."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from models.holding import follow_ups
from models.ledger import replay
from models.ownership import claims, releases, transfers
from models.ownership.drain import release_due
from models.viewers import Viewer
from tests.support.asking import ask, ask_until_told, customer_gid, whole
from tests.support.running import Client
from tests.support.samples import (
    Office,
    events,
    found,
    row,
    someone_waits,
    story,
    time_passes,
    under_way,
    until,
)

LOCK = f"mutation ($id: ID!) {{ lockCustomer(customerId: $id) {{ {whole('HoldResult')} }} }}"
UNLOCK = LOCK.replace("lockCustomer", "unlockCustomer")
HOLDING = "query ($id: ID!) { customer(id: $id) { holding { locked remindAt release { at } } } }"


async def lock(api: Client, who: Viewer, id: UUID) -> Any:
    return await ask_until_told(api, who, LOCK, id=customer_gid(id))


async def unlock(api: Client, who: Viewer, id: UUID) -> Any:
    return await ask_until_told(api, who, UNLOCK, id=customer_gid(id))


async def test_a_locked_customer_has_no_release_until_it_is_unlocked(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=1)
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    due = (await row(id)).release_at
    assert (await lock(api, li, id))["__typename"] == "Held"
    answer = await ask(api, li, HOLDING, id=customer_gid(id))
    assert answer["holding"] == {"locked": True, "remindAt": [], "release": None}
    await time_passes("30 days")
    assert await release_due() == 0
    assert (await row(id)).owner_id == li.id
    assert due is not None
    await unlock(api, li, id)
    assert await release_due() == 1
    assert await story(id) == ["CREATED", "CLAIMED", "LOCKED", "UNLOCKED", "RELEASED"]


async def test_an_unlocked_customer_has_its_old_deadline(api: Client, office: Office) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=1)
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    before = await row(id)
    await lock(api, li, id)
    await unlock(api, li, id)
    after = await row(id)
    assert (after.release_at, after.remind_at) == (before.release_at, before.remind_at)
    assert after.locked_at is None
    assert await replay.differences() == []


async def test_a_lock_waits_for_the_transfer_that_makes_the_customer_theirs(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=1)
    li, han, id = await office.person(), await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    admin = await office.admin()
    async with under_way(lambda: transfers.transfer(admin, id, han.id)):
        locking = asyncio.create_task(lock(api, han, id))
        await until(someone_waits)
    assert (await locking)["__typename"] == "Held"
    assert await replay.differences() == []


@pytest.mark.parametrize(("change", "told"), [(LOCK, "LOCKED"), (UNLOCK, "UNLOCKED")])
async def test_what_the_owner_does_at_the_same_time_is_waited_for(
    api: Client, office: Office, change: str, told: str
) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=1)
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    if change == UNLOCK:
        await lock(api, li, id)
    async with under_way(lambda: follow_ups.log_follow_up(li, id, "CALL", "在走流程")):
        changing = asyncio.create_task(ask(api, li, change, id=customer_gid(id)))
        await until(someone_waits)
    assert (await changing)["__typename"] == "Held"
    assert (await story(id))[-2:] == ["FOLLOWED_UP", told]
    assert await replay.differences() == []


async def test_a_lock_beyond_the_limit_is_refused_until_another_is_undone(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=2)
    li, ids = await office.person(), await office.customers(pool, 3)
    await claims.claim(li, ids)
    kinds = [(await lock(api, li, id))["__typename"] for id in ids]
    assert kinds == ["Held", "Held", "LockLimitReached"]
    assert (await lock(api, li, ids[2]))["limit"] == 2
    await unlock(api, li, ids[0])
    assert (await lock(api, li, ids[2]))["__typename"] == "Held"
    assert await replay.differences() == []


async def test_without_a_limit_in_the_rules_nothing_is_locked(api: Client, office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    answer = await lock(api, li, id)
    assert (answer["__typename"], answer["limit"]) == ("LockLimitReached", 0)
    assert await events(id, "LOCKED") == []


async def test_locked_again_it_stays_as_it_is(api: Client, office: Office) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=1)
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    for _ in range(2):
        assert (await lock(api, li, id))["__typename"] == "Held"
    (locked,) = await events(id, "LOCKED")
    await follow_ups.log_follow_up(li, id, "CALL", "在走流程")
    assert (await row(id)).locked_at == locked.at
    for _ in range(2):
        assert (await unlock(api, li, id))["__typename"] == "Held"
    assert len(await events(id, "UNLOCKED")) == 1


async def test_fifty_locks_at_once_lock_exactly_as_many_as_may_be(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=7)
    li, ids = await office.person(), await office.customers(pool, 50)
    await claims.claim(li, ids)
    answers = await asyncio.gather(*(lock(api, li, id) for id in ids))
    kinds = Counter(answer["__typename"] for answer in answers)
    assert kinds == {"Held": 7, "LockLimitReached": 43}
    assert await replay.differences() == []


async def test_locks_releases_and_claims_at_once_keep_the_limit(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D", lock_limit=3, capacity=8)
    li, ids = await office.person(), await office.customers(pool, 8)
    await claims.claim(li, ids)

    async def worry(id: UUID) -> None:
        for _ in range(3):
            await lock(api, li, id)
            await unlock(api, li, id)
            await releases.give_back(li, id, "没有需求")
            await claims.claim(li, [id])
            await lock(api, li, id)

    await asyncio.gather(*map(worry, ids))
    locked = [customer for id in ids if (customer := await row(id)).locked_at]
    assert len(locked) <= 3
    assert await replay.differences() == []


async def test_only_the_owner_locks(api: Client, office: Office) -> None:
    pool = await office.pool(lock_limit=5)
    li, id = await office.person(), await office.customer(pool)
    assert (await lock(api, li, id))["__typename"] == "NotHolder"
    await claims.claim(li, [id])
    for other in (await office.person(), await office.person(role="MANAGER")):
        assert (await lock(api, other, id))["__typename"] == "NotHolder"
        assert (await unlock(api, other, id))["__typename"] == "NotHolder"
    stranger = await found("别家")
    assert (await lock(api, await stranger.admin(), id))["__typename"] == "NotFound"
    assert (await row(id)).locked_at is None
