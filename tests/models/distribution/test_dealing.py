"""Pools that deal their customers out, one round of a worker at a time."""

import asyncio
import time
from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models import database
from models.customers.moves import move_customers
from models.distribution import dealing
from models.distribution.dealing import BATCH, DEALT_OUT, deal_batch
from models.distribution.rounds import Rounds
from models.distribution.waiting import START
from models.ledger import replay
from models.organizations import leaving, members
from models.organizations.departments import save_department
from models.organizations.members import MemberFields
from models.ownership import claims, releases
from models.pools import access, pools
from models.rules.rules import Rules
from models.tables import Customer, Event, Pool, Seat
from models.viewers import Viewer
from tests.support.samples import (
    Office,
    connection,
    events,
    row,
    seat,
    someone_waits,
    time_passes,
    until,
)

TURNS: dict[str, Any] = {"distribution": {"strategy": "IN_TURN"}}
LEAST: dict[str, Any] = {"distribution": {"strategy": "LEAST_LOADED"}}
EARLIER = """
UPDATE customer SET opened_at = opened_at - CASE WHEN id = $2 THEN interval '1 s' ELSE '0' END
WHERE id = ANY($1)
"""
WAITERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


async def deal() -> int:
    """A round of a worker that has just begun."""
    return await Rounds()()


async def owners(ids: list[UUID]) -> dict[UUID | None, int]:
    return Counter(each.owner_id for each in await Customer.filter(id__in=ids))


async def team(office: Office, size: int) -> list[Viewer]:
    return [await office.person() for _ in range(size)]


async def test_a_customer_is_dealt_out_as_it_enters_by_nobody(office: Office) -> None:
    pool = await office.pool(max_hold="P20D", **TURNS)
    li = await office.person("李雷")
    id = await office.customer(pool)
    assert await deal() == 1
    customer = await row(id)
    assert (customer.owner_id, customer.release_reason) == (li.id, "MAX_HOLD")
    (event,) = await events(id, "ASSIGNED")
    assert (event.actor_id, event.member_id, event.reason) == (None, li.id, DEALT_OUT)
    assert event.details == {"dealt": "IN_TURN"}
    assert await seat(pool, li) == (1, 0, 0)
    assert await replay.differences() == []


async def test_what_was_moved_or_released_is_dealt_out_too(office: Office) -> None:
    quiet, pool = await office.pool(), await office.pool(**TURNS)
    li, han = await team(office, 2)
    moved, released = await office.customers(quiet, 2)
    assert await deal() == 0
    await move_customers(await office.admin(), [moved], pool.id)
    assert await deal() == 1
    await claims.claim(han, [released])
    await releases.give_back(han, released, "不合适", pool.id)
    assert await deal() == 1
    assert await owners([moved, released]) == {li.id: 1, han.id: 1}
    assert await replay.differences() == []


async def test_it_waits_until_a_customer_has_lain_open_long_enough(office: Office) -> None:
    pool = await office.pool(distribution={"strategy": "IN_TURN", "after": "P2D"})
    await office.person()
    early = await office.customer(pool)
    await time_passes("1 day")
    await office.customer(pool)
    worker = Rounds()
    assert await worker() == 0
    await time_passes("1 day")
    assert await worker() == 1
    assert (await row(early)).owner_id


async def test_only_those_named_who_see_the_pool_get_some(office: Office) -> None:
    pool = await office.pool()
    li, han, mei, boss = [*await team(office, 3), await office.person(role="MANAGER")]
    admin = await office.admin()
    await access.set_access(admin, pool.id, [li.id, han.id, mei.id], [], [boss.id])
    await office.customers(pool, 4)

    async def dealt_to(**named: Any) -> set[UUID | None]:
        rules = Rules.from_json({"distribution": {"strategy": "IN_TURN", **named}})
        await pools.change_rules(await office.admin(), pool.id, rules)
        await deal()
        held = await Customer.exclude(owner_id=None)
        for each in held:
            await releases.give_back(await office.admin(), each.id, "再分")
        return {each.owner_id for each in held}

    assert await dealt_to() == {li.id, han.id, mei.id}
    await access.set_access(await office.admin(), pool.id, [li.id, han.id], [], [boss.id])
    assert await dealt_to() == {li.id, han.id}
    assert await dealt_to(members=[str(mei.id)]) == set()
    assert await dealt_to(members=[str(boss.id)]) == {boss.id}
    department = [str(office.department_id)]
    assert await dealt_to(departments=department) <= {li.id, han.id, boss.id}


async def test_a_department_counts_with_all_below_it(office: Office) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    assert office.department_id
    below = await save_department(admin, None, "一组", parent_id=office.department_id)
    fields = MemberFields(li.member.name, li.member.email, department_id=below.id, role="SALES")
    await members.save(admin, li.id, fields)
    for named in ({}, {"departments": [str(office.department_id)]}):
        rules = Rules.from_json({"distribution": {"strategy": "IN_TURN", **named}})
        await pools.change_rules(await office.admin(), pool.id, rules)
        id = await office.customer(pool)
        assert await deal() == 1
        assert (await row(id)).owner_id == li.id


async def test_a_full_private_pool_gets_no_more_and_who_left_gets_nothing(office: Office) -> None:
    pool = await office.pool(capacity=2, **TURNS)
    li, han, gone = await team(office, 3)
    await claims.claim(li, await office.customers(pool, 1))
    await leaving.deactivate(await office.admin(), gone.id)
    ids = await office.customers(pool, 5)
    assert await deal() == 3
    assert await owners(ids) == {li.id: 1, han.id: 2, None: 2}
    assert await deal() == 0
    held = await Customer.filter(owner_id=han.id).first()
    assert held
    await releases.give_back(han, held.id, "不合适")
    # Han may have another one now.
    assert await deal() == 1
    assert await replay.differences() == []


async def test_a_quota_ends_at_midnight(office: Office) -> None:
    pool = await office.pool(distribution={"strategy": "IN_TURN", "quota": 2})
    await team(office, 2)
    await office.customers(pool, 10)
    assert await deal() == 4
    assert await deal() == 0
    await time_passes("1 day")
    assert await deal() == 4


async def test_nobody_is_dealt_what_their_cool_down_forbids(office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P5D", **TURNS)
    li, han = await team(office, 2)
    lost, other = await office.customers(pool, 2)
    await claims.claim(li, [lost])
    await releases.give_back(li, lost, "不合适")
    assert await deal() == 2
    assert ((await row(lost)).owner_id, (await row(other)).owner_id) == (han.id, li.id)


async def test_one_that_nobody_may_have_keeps_nobody_waiting_and_rests(office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P5D", **TURNS)
    li = await office.person()
    ids = await office.customers(pool, 2)
    await claims.claim(li, ids)
    for id in ids:
        await releases.give_back(li, id, "不合适")
    later = await office.customer(pool)
    worker = Rounds()
    assert await worker() == 1
    assert (await row(later)).owner_id == li.id
    (look,) = worker._looks.values()
    assert look.left
    assert look.place > START
    await time_passes("5 days")
    # It rests, but not for what comes in; a worker that begins looks at all.
    new = await office.customer(pool)
    assert await worker() == 1
    assert (await row(new)).owner_id == li.id
    assert await deal() == 2


async def test_a_pool_of_full_members_rests_too(office: Office) -> None:
    pool = await office.pool(capacity=1, **TURNS)
    await claims.claim(await office.person(), [await office.customer(pool)])
    await office.customer(pool)
    worker = Rounds()
    assert await worker() == 0
    (look,) = worker._looks.values()
    assert look.left
    assert look.again > time.monotonic()


async def test_a_round_goes_on_until_all_batches_of_a_pool_are_dealt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dealing, "BATCH", 2)
    first, second = await office.pool(**TURNS), await office.pool(**TURNS)
    await office.person()
    await office.customers(first, 5)
    await office.customers(second, 3)
    assert await deal() == 8


async def test_in_turn_each_gets_as_many_within_one_over_a_day(office: Office) -> None:
    pool = await office.pool(**TURNS)
    people = await team(office, 3)
    counts = Counter[UUID | None]()
    for how_many in (1, 4, 1, 7, 2):
        ids = await office.customers(pool, how_many)
        assert await deal() == how_many
        counts.update(await owners(ids))
        assert max(counts.values()) - min(counts[who.id] for who in people) <= 1
    assert sum(counts.values()) == 15
    # The day after, the turn goes on where it was.
    await time_passes("1 day")
    ids = await office.customers(pool, 2)
    await deal()
    assert max((await owners(ids)).values()) == 1


async def test_over_days_the_turn_goes_on_in_whatever_order_customers_opened(
    office: Office,
) -> None:
    """Two a day among three: nobody gets one every day."""
    pool = await office.pool(**TURNS)
    people, counts = await team(office, 3), Counter[UUID | None]()
    for _ in range(3):
        ids = await office.customers(pool, 2)
        await database.rows(EARLIER, ids, ids[1])
        assert await deal() == 2
        counts.update(await owners(ids))
        await time_passes("1 day")
    assert counts == {who.id: 2 for who in people}


async def test_the_least_loaded_get_some_first(office: Office) -> None:
    pool = await office.pool(**LEAST)
    li, han = await team(office, 2)
    await claims.claim(li, await office.customers(pool, 3))
    await office.customers(pool, 5)
    await deal()
    assert ((await seat(pool, li))[0], (await seat(pool, han))[0]) == (4, 4)


async def test_two_workers_deal_each_customer_once_beside_claims(office: Office) -> None:
    """More than a batch, while somebody claims: nobody gets more than the capacity."""
    pool = await office.pool(capacity=300, **TURNS)
    people = await team(office, 3)
    count = BATCH + 250
    ids = await office.customers(pool, count)
    # With a seat by now: two that make it at once wait for each other, and may give up.
    await claims.claim(people[0], ids[:20])
    claiming = [claims.claim(people[0], ids[n : n + 20]) for n in range(20, 200, 20)]
    await asyncio.gather(deal(), deal(), *claiming)
    await deal()
    taken = await Event.filter(pool_id=pool.id, action__in=["ASSIGNED", "CLAIMED"])
    assert len(taken) == len({each.customer_id for each in taken}) == count
    assert max([each.held for each in await Seat.filter(pool_id=pool.id)]) <= 300
    assert await replay.differences() == []


async def test_a_worker_that_dies_in_a_batch_leaves_nothing_half_done(office: Office) -> None:
    pool = await office.pool(**TURNS)
    people = await team(office, 2)
    ids = await office.customers(pool, 10)
    async with connection() as other, other.transaction():
        await other.execute("LOCK TABLE seat IN EXCLUSIVE MODE")
        dying = asyncio.create_task(deal_batch(office.id, pool.id, START))
        await until(someone_waits)
        await other.fetch(WAITERS)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await dying
    assert await owners(ids) == {None: 10}
    assert await deal() == 10
    assert await owners(ids) == {who.id: 5 for who in people}
    assert await replay.differences() == []


async def test_while_one_has_the_turn_another_leaves_the_pool_to_it(office: Office) -> None:
    pool = await office.pool(**TURNS)
    await office.person()
    await office.customer(pool)
    async with connection() as other, other.transaction():
        sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
        await other.execute(sql, f"dealing of {pool.id}")
        assert await deal() == 0
    assert await deal() == 1


async def test_rules_without_it_deal_nothing(office: Office) -> None:
    pool = await office.pool(**TURNS)
    await office.person()
    await pools.change_rules(await office.admin(), pool.id, Rules())
    id = await office.customer(pool)
    assert await deal() == 0
    assert (await row(id)).owner_id is None
    assert (await Pool.get(id=pool.id)).rules.distribution is None
    assert await database.rows("SELECT FROM event WHERE details ? 'dealt'") == []
