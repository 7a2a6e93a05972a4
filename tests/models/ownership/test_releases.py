import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from models.holding import follow_ups
from models.ledger import replay
from models.ledger.outcomes import Released
from models.organizations import leaving
from models.ownership import claims, releases, transfers
from models.ownership.drain import Drain, release_due
from models.ownership.leavers import release_leavers
from models.pools import pools
from models.refusals import InvalidInput, NotFound, NotHolder, Problem
from models.rules.rules import Rules
from tests.support.samples import (
    Office,
    done,
    events,
    found,
    refusal,
    row,
    seat,
    someone_waits,
    story,
    time_passes,
    under_way,
    until,
)


async def test_its_owner_gives_a_customer_back_and_says_why(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.log_follow_up(li, id, "CALL", "没有预算")
    customer = done(await releases.give_back(li, id, " 没有预算 "))
    assert (customer.owner_id, customer.epoch, customer.claimed_at) == (None, 2, None)
    assert (customer.followed_up_at, customer.release_at, customer.remind_at) == (None, None, [])
    (event,) = await events(id, "RELEASED")
    assert (event.epoch, event.member_id, event.former_id, event.actor_id) == (
        1,
        li.id,
        li.id,
        li.id,
    )
    assert (event.reason, event.release_reason, event.pool_id) == (
        "没有预算",
        "GIVEN_BACK",
        pool.id,
    )
    assert event.at == customer.opened_at
    assert await seat(pool, li) == (0, 0, 1)
    assert await replay.differences() == []


async def test_a_colleague_may_not_give_it_back_but_an_administrator_may(office: Office) -> None:
    pool = await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    assert await refusal(releases.give_back(han, id, "不合适")) == NotHolder()
    assert (await row(id)).owner_id == li.id
    done(await releases.give_back(admin, id, "收回"))
    (event,) = await events(id, "RELEASED")
    assert (event.actor_id, event.member_id) == (admin.id, li.id)
    assert await refusal(releases.give_back(admin, id, "收回")) == NotHolder()


async def test_it_can_be_given_back_to_another_pool(office: Office) -> None:
    pool, other = await office.pool(), await office.pool(new_customer_lock="P1D")
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    customer = done(await releases.give_back(li, id, "归属有误", other.id))
    assert customer.pool_id == other.id
    assert customer.entered_at == customer.opened_at
    (event,) = await events(id, "RELEASED")
    assert event.pool_id == other.id
    assert event.details == {"from_pool": str(pool.id)}
    assert await seat(pool, li) == (0, 0, 1)
    assert await replay.differences() == []


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501, "\0"])
async def test_a_release_by_hand_needs_a_reason(office: Office, reason: str) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    refused = await refusal(releases.give_back(li, id, reason))
    assert refused == InvalidInput((Problem("reason", "say why, in 1 to 500 characters"),))
    assert (await row(id)).owner_id == li.id


async def test_what_is_not_there_is_not_found(office: Office) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    stranger = await found("别家")
    foreign = await stranger.pool()
    outsider = await stranger.admin()
    assert await refusal(releases.give_back(li, uuid4(), "x")) == NotFound()
    assert await refusal(releases.give_back(outsider, id, "x")) == NotFound()
    assert await refusal(releases.give_back(li, id, "x", foreign.id)) == NotFound()
    assert (await row(id)).owner_id == li.id


async def test_nothing_is_released_before_its_deadline_and_all_that_is_due_is(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P2D", levels=[{"level": "A", "max_hold": "P3D"}])
    li = await office.person()
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    await time_passes("47:59:58")
    assert await release_due() == 0
    await time_passes("2 seconds")
    assert await release_due() == 3
    assert await release_due() == 0
    (event,) = await events(ids[0], "RELEASED")
    assert (event.release_reason, event.reason, event.actor_id) == ("MAX_HOLD", "MAX_HOLD", None)
    assert event.due_at is not None
    assert timedelta(0) <= event.at - event.due_at < timedelta(seconds=2)
    assert await seat(pool, li) == (0, 0, 3)
    assert await replay.differences() == []


async def test_the_release_names_the_rule_that_came_first(office: Office) -> None:
    pool = await office.pool(follow_up_within="P3D", deal_within="P5D", max_hold="P9D")
    li = await office.person()
    quiet, worked = await office.customers(pool, 2)
    await claims.claim(li, [quiet, worked])
    await time_passes("2 days 23 hours")
    await follow_ups.log_follow_up(li, worked, "VISIT", "见面")
    await time_passes("1 hour")
    assert await release_due() == 1
    await time_passes("2 days")
    assert await release_due() == 1
    assert [e.release_reason for e in await events(quiet, "RELEASED")] == ["NOT_FOLLOWED_UP"]
    assert [e.release_reason for e in await events(worked, "RELEASED")] == ["NO_DEAL"]


async def test_a_thousand_and_one_are_released_in_batches_by_many_drains_at_once(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P1D")
    people = [await office.person() for _ in range(11)]
    ids = await office.customers(pool, 1001)
    for n, who in enumerate(people):
        await claims.claim(who, ids[n * 100 : n * 100 + 100])
    await time_passes("1 day")
    drains = [Drain() for _ in range(4)]
    counts = await asyncio.gather(*(drain() for drain in drains * 2))
    assert sum(counts) == 1001
    assert [await seat(pool, who) for who in people] == [(0, 0, 100)] * 10 + [(0, 0, 1)]
    assert await replay.differences() == []


async def test_a_call_during_a_drain_is_answered_when_its_own_customer_is_gone(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="PT0.1S")
    li = await office.person()
    ids = await office.customers(pool, 5)

    async def claim_and_drain(id: object) -> None:
        customer = done((await claims.claim(li, [id]))[0])  # type: ignore[list-item]
        await asyncio.sleep(0.11)
        await release_due()
        assert (await row(customer.id)).owner_id is None

    await asyncio.gather(*(claim_and_drain(id) for id in ids))


async def test_a_follow_up_and_a_drain_at_the_same_moment_never_both_win(office: Office) -> None:
    pool = await office.pool(follow_up_within="P1D")
    li = await office.person()
    ids = await office.customers(pool, 30)
    await claims.claim(li, ids)
    await time_passes("1 day")

    async def follow_up(id: object) -> object:
        try:
            return await follow_ups.log_follow_up(li, id, "CALL", "在")  # type: ignore[arg-type]
        except NotHolder as refused:
            return refused

    await asyncio.gather(*map(follow_up, ids[:15]), release_due(), *map(follow_up, ids[15:]))
    for id in ids:
        told = await story(id)
        assert told in (
            ["CREATED", "CLAIMED", "RELEASED"],
            ["CREATED", "CLAIMED", "FOLLOWED_UP"],
        )
        assert ((await row(id)).owner_id is None) == (told[-1] == "RELEASED")
    assert await replay.differences() == []


async def test_a_release_and_a_claim_under_a_cool_down_race_and_the_loser_cools_down(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P1D", reclaim_cooldown="P7D")
    li = await office.person()
    ids = await office.customers(pool, 20)
    await claims.claim(li, ids)
    await time_passes("1 day")
    await asyncio.gather(release_due(), *(claims.claim(li, [id]) for id in ids * 3))
    assert [await story(id) for id in ids] == [["CREATED", "CLAIMED", "RELEASED"]] * 20
    assert await replay.differences() == []


async def test_a_leavers_customers_go_back_to_the_pool_that_was_named(office: Office) -> None:
    pool, other = await office.pool(), await office.pool()
    li, admin = await office.person(), await office.admin()
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    left = await leaving.deactivate(admin, li.id, other.id)
    assert (left.member.active, left.released, left.handed_over) == (False, 3, 0)
    (event,) = await events(ids[0], "RELEASED")
    assert (event.release_reason, event.actor_id, event.member_id) == (
        "MEMBER_LEFT",
        admin.id,
        li.id,
    )
    assert (await row(ids[0])).pool_id == other.id
    assert await seat(pool, li) == (0, 0, 3)
    assert await replay.differences() == []


async def test_a_claim_that_a_leaver_had_under_way_does_not_keep_the_customer(
    office: Office,
) -> None:
    pool = await office.pool()
    li, admin = await office.person(), await office.admin()
    ids = await office.customers(pool, 30)
    await asyncio.gather(
        leaving.deactivate(admin, li.id),
        *(claims.claim(li, [id]) for id in ids),
    )
    await release_leavers()
    assert {(await row(id)).owner_id for id in ids} == {None}
    assert await seat(pool, li) in [(0, 0, n) for n in range(31)]
    assert await replay.differences() == []


async def test_a_customer_whose_rules_have_changed_is_never_released_by_the_old_ones(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P1D")
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("1 day")
    await pools.change_rules(admin, pool.id, Rules.from_json({"max_hold": "P2D"}))
    assert await release_due() == 0
    assert (await row(id)).owner_id == li.id
    await time_passes("1 day")
    assert await release_due() == 1


async def test_the_same_release_twice_by_hand_happens_once(office: Office) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])

    async def give_back() -> object:
        try:
            return await releases.give_back(li, id, "不合适")
        except NotHolder as refused:
            return refused

    answers = await asyncio.gather(*(give_back() for _ in range(10)))
    assert sum(isinstance(answer, Released) for answer in answers) == 1
    assert await story(id) == ["CREATED", "CLAIMED", "RELEASED"]
    assert await seat(pool, li) == (0, 0, 1)


async def test_a_release_that_waited_for_a_deal_takes_the_deal_off_the_seat(
    office: Office,
) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    async with under_way(lambda: follow_ups.record_deal(li, id, Decimal(1))):
        back = asyncio.create_task(releases.give_back(li, id, "不合适"))
        await until(someone_waits)
    done(await back)
    assert await seat(pool, li) == (0, 0, 1)
    assert await story(id) == ["CREATED", "CLAIMED", "WON", "RELEASED"]
    assert await replay.differences() == []


async def test_a_release_that_waited_for_a_transfer_empties_the_seat_that_it_made(
    office: Office,
) -> None:
    pool = await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    async with under_way(lambda: transfers.transfer(admin, id, han.id)):
        back = asyncio.create_task(releases.give_back(admin, id, "收回"))
        await until(someone_waits)
    done(await back)
    assert [await seat(pool, who) for who in (li, han)] == [(0, 0, 1), (0, 0, 0)]
    assert await replay.differences() == []


async def test_an_owner_whose_customer_was_transferred_meanwhile_gives_nothing_back(
    office: Office,
) -> None:
    pool = await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    async with under_way(lambda: transfers.transfer(admin, id, han.id)):
        back = asyncio.create_task(refusal(releases.give_back(li, id, "不合适")))
        await until(someone_waits)
    assert await back == NotHolder()
    assert (await row(id)).owner_id == han.id
