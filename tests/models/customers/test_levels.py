"""Whose level counts in full: no order of an owner's changes moves a release later."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from models.customers import csv_import
from models.customers.registration import register
from models.customers.update import update_customer
from models.holding import follow_ups, locks
from models.ledger import replay
from models.ownership import claims, releases
from models.ownership.claimable import Claimable
from models.ownership.drain import release_due
from models.pools import access, pools
from models.pools.preview import preview
from models.rules.rules import Rules
from models.tables import Customer, Pool
from tests.support.claimable import claimable
from tests.support.samples import Office, done, row, story, time_passes

LEVELS = [
    {"level": "A", "max_hold": "P90D", "follow_up_within": "P60D"},
    {"level": "B", "max_hold": "P40D"},
    {"level": "C", "max_hold": "P5D"},
]
RULES: dict[str, Any] = {
    "max_hold": "P20D",
    "follow_up_within": "P30D",
    "levels": LEVELS,
    "reclaim_cooldown": None,
}


@pytest.fixture
async def pool(office: Office) -> Pool:
    return await office.pool(**RULES)


def held_for(customer: Customer) -> timedelta:
    assert customer.release_at
    assert customer.claimed_at
    return customer.release_at - customer.claimed_at


async def test_no_order_of_an_owners_levels_keeps_a_customer_longer(
    office: Office, pool: Pool
) -> None:
    li = await office.person()
    for id, first in zip(await office.customers(pool, 4), ("A", "B", "C", None), strict=True):
        await claims.claim(li, [id])
        for levels in product(("A", "B", "C", None), repeat=2):
            for level in (first, *levels):
                changed = await update_customer(li, id, {"level": level})
                assert changed.level == level
                assert held_for(changed) == timedelta(days=5 if level == "C" else 20)
    assert await replay.differences() == []


async def test_an_administrators_level_counts_in_full(office: Office, pool: Pool) -> None:
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    assert held_for(await update_customer(admin, id, {"level": "A"})) == timedelta(days=60)
    assert held_for(await update_customer(li, id, {"person": "张三"})) == timedelta(days=60)
    assert held_for(await update_customer(li, id, {"level": "A"})) == timedelta(days=60)
    assert held_for(await update_customer(li, id, {"level": "B"})) == timedelta(days=20)
    assert held_for(await update_customer(li, id, {"level": "A"})) == timedelta(days=20)
    assert held_for(await update_customer(admin, id, {"level": "A"})) == timedelta(days=60)
    assert await replay.differences() == []


async def test_an_owner_does_not_escape_a_strict_level_that_was_granted(
    office: Office, pool: Pool
) -> None:
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await update_customer(admin, id, {"level": "C"})
    await claims.claim(li, [id])
    for level in (None, "A", "C", "B"):
        assert held_for(await update_customer(li, id, {"level": level})) == timedelta(days=5)
    assert held_for(await update_customer(admin, id, {"level": None})) == timedelta(days=20)
    assert await replay.differences() == []


async def test_an_administrator_grants_the_level_of_their_own_customer(
    office: Office, pool: Pool
) -> None:
    li, id = await office.person(), await office.customer(pool)
    await access.set_access(await office.admin(), pool.id, [li.id], [], [li.id])
    li = await office.viewer(li.id)
    await claims.claim(li, [id])
    assert held_for(await update_customer(li, id, {"level": "A"})) == timedelta(days=60)
    registered = done(await register(li, pool.id, {"name": "云帆科技", "level": "A"}))
    assert held_for(registered) == timedelta(days=60)


async def test_a_level_given_at_registration_keeps_nobody_longer(
    office: Office, pool: Pool
) -> None:
    li = await office.person()
    late = done(await register(li, pool.id, {"name": "云帆科技", "level": "A"}))
    soon = done(await register(li, pool.id, {"name": "天海贸易", "level": "C"}))
    assert (late.level, held_for(late)) == ("A", timedelta(days=20))
    assert (soon.level, held_for(soon)) == ("C", timedelta(days=5))
    admin = await office.admin()
    assert held_for(await update_customer(admin, late.id, {"level": "A"})) == timedelta(days=60)
    assert await replay.differences() == []


async def test_a_level_of_an_import_counts_in_full(office: Office, pool: Pool) -> None:
    li = await office.person()
    await csv_import.import_customers(await office.admin(), pool.id, "name,level\n云帆科技,B")
    id = (await Customer.get(name="云帆科技")).id
    assert held_for(done((await claims.claim(li, [id]))[0])) == timedelta(days=30)
    await update_customer(li, id, {"level": "A"})
    assert held_for(await row(id)) == timedelta(days=20)


async def test_what_an_earlier_owner_wrote_keeps_nobody_longer_either(
    office: Office, pool: Pool
) -> None:
    li, han = await office.person(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await update_customer(li, id, {"level": "A"})
    await releases.give_back(li, id, "没有需求")
    expected = (await claimable(han, [id]))[id]
    assert isinstance(expected, Claimable)
    assert expected.release_at
    claimed = done((await claims.claim(han, [id]))[0])
    assert held_for(claimed) == timedelta(days=20)
    assert claimed.release_at
    assert abs(expected.release_at - claimed.release_at) < timedelta(seconds=10)
    await update_customer(han, id, {"level": "C"})
    assert held_for(await row(id)) == timedelta(days=5)
    assert held_for(await update_customer(han, id, {"level": None})) == timedelta(days=20)


async def test_work_and_locks_keep_the_limit_of_an_owners_level(office: Office) -> None:
    pool = await office.pool(**RULES | {"lock_limit": 1})
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    await update_customer(li, id, {"level": "A"})
    await follow_ups.log_follow_up(li, id, "CALL", "谈了报价")
    assert held_for(await row(id)) == timedelta(days=20)
    await locks.lock(li, id)
    assert (await row(id)).release_at is None
    await locks.unlock(li, id)
    assert held_for(await row(id)) == timedelta(days=20)
    await time_passes("20 days")
    assert await release_due() == 1
    assert (await story(id))[-1] == "RELEASED"


async def test_a_preview_of_new_rules_is_what_they_do_to_an_owners_levels(
    office: Office, pool: Pool
) -> None:
    li, admin = await office.person(), await office.admin()
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    await update_customer(li, ids[0], {"level": "A"})
    await update_customer(admin, ids[1], {"level": "A"})
    longer = Rules.from_json(RULES | {"max_hold": "P25D"})
    foreseen = await preview(admin, pool.id, longer)
    assert (foreseen.earlier, foreseen.later, foreseen.unchanged) == (0, 2, 1)
    expected = {each.customer_id: each.proposed for each in foreseen.examples(3)}
    await pools.change_rules(admin, pool.id, longer)
    found = [await row(id) for id in ids]
    assert [held_for(each) for each in found] == [timedelta(days=n) for n in (25, 60, 25)]
    assert {each.id: each.release_at for each in found if each.id in expected} == expected
    assert await replay.differences() == []
