import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from models.holding import follow_ups
from models.ledger import replay
from models.ledger.outcomes import Claimed
from models.organizations import leaving
from models.ownership import claims, releases, transfers
from models.refusals import AlreadyHeld, CapacityReached, Forbidden, NotFound, Refusal
from tests.support.samples import (
    Office,
    done,
    events,
    found,
    refusal,
    row,
    seat,
    story,
    time_passes,
)


async def test_a_transfer_changes_the_owner_and_starts_the_clock_anew(office: Office) -> None:
    pool = await office.pool(follow_up_within="P3D", max_hold="P20D")
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.log_follow_up(li, id, "CALL", "在")
    await time_passes("2 days")
    customer = done(await transfers.transfer(admin, id, han.id))
    assert (customer.owner_id, customer.epoch, customer.followed_up_at) == (han.id, 2, None)
    assert customer.claimed_at is not None
    assert customer.release_at == customer.claimed_at + timedelta(days=3)
    (event,) = await events(id, "TRANSFERRED")
    assert (event.actor_id, event.member_id, event.former_id) == (admin.id, han.id, li.id)
    assert (event.epoch, event.release_reason) == (2, "TRANSFERRED")
    assert (event.at, event.due_at) == (customer.claimed_at, customer.release_at)
    assert await seat(pool, li) == (0, 0, 1)
    assert await seat(pool, han) == (1, 0, 0)
    assert await replay.differences() == []


@pytest.mark.parametrize(("won_count", "signed"), [(True, False), (True, True), (False, False)])
async def test_the_receivers_capacity_holds(office: Office, won_count: bool, signed: bool) -> None:
    pool = await office.pool(capacity=1, won_count=won_count)
    li, han, admin = await office.person(), await office.person(), await office.admin()
    mine, his = await office.customers(pool, 2)
    await claims.claim(li, [mine])
    await claims.claim(han, [his])
    if signed:
        await follow_ups.record_deal(li, mine, Decimal(1))
    assert await refusal(transfers.transfer(admin, mine, han.id)) == CapacityReached(1, 1)
    assert (await row(mine)).owner_id == li.id
    assert await seat(pool, han) == (1, 0, 1)


async def test_the_daily_limit_and_the_cool_down_do_not_hold(office: Office) -> None:
    pool = await office.pool(daily_claim_limit=1, reclaim_cooldown="P7D")
    li, han, admin = await office.person(), await office.person(), await office.admin()
    mine, his = await office.customers(pool, 2)
    await claims.claim(li, [mine])
    await claims.claim(han, [his])
    done(await transfers.transfer(admin, mine, han.id))
    done(await transfers.transfer(admin, mine, li.id))
    assert await seat(pool, li) == (1, 0, 1)


async def test_who_had_to_hand_a_customer_on_cools_down_too(office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P7D")
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await transfers.transfer(admin, id, han.id)
    await releases.give_back(han, id, "不合适")
    (event,) = await events(id, "TRANSFERRED")
    (answer,) = await claims.claim(li, [id])
    assert vars(answer) == {"until": event.at + timedelta(days=7)}


async def test_a_signed_customer_stays_signed_with_its_new_owner(office: Office) -> None:
    pool = await office.pool(capacity=1, won_count=False, max_hold="P20D")
    li, han, admin = await office.person(), await office.person(), await office.admin()
    won, his = await office.customers(pool, 2)
    await claims.claim(li, [won])
    await claims.claim(han, [his])
    await follow_ups.record_deal(li, won, Decimal(1))
    customer = done(await transfers.transfer(admin, won, han.id))
    assert customer.won_at is not None
    assert customer.release_at is None
    assert await seat(pool, li) == (0, 0, 1)
    assert await seat(pool, han) == (2, 1, 1)
    assert await replay.differences() == []


async def test_what_can_not_be_transferred(office: Office) -> None:
    pool = await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    held, pooled = await office.customers(pool, 2)
    await claims.claim(li, [held])
    gone = await office.person()
    await leaving.deactivate(admin, gone.id)
    outsider = await (await found("别家")).admin()

    async def answer(who: object, customer: object, to: object) -> Refusal:
        return await refusal(transfers.transfer(who, customer, to))  # type: ignore[arg-type]

    assert await answer(admin, held, li.id) == AlreadyHeld()
    assert isinstance(await answer(admin, pooled, han.id), Forbidden)
    assert isinstance(await answer(li, held, han.id), Forbidden)
    assert isinstance(await answer(admin, held, gone.id), Forbidden)
    assert await answer(admin, held, uuid4()) == NotFound()
    assert await answer(admin, held, outsider.id) == NotFound()
    assert await answer(outsider, held, outsider.id) == NotFound()
    assert await answer(admin, None, li.id) == NotFound()
    assert await story(held) == ["CREATED", "CLAIMED"]


async def test_of_many_transfers_at_once_each_moves_it_from_where_it_is(office: Office) -> None:
    pool = await office.pool()
    admin = await office.admin()
    people = [await office.person() for _ in range(6)]
    id = await office.customer(pool)
    await claims.claim(people[0], [id])
    answers = await asyncio.gather(*(transfers.transfer(admin, id, who.id) for who in people[1:]))
    assert [type(answer) for answer in answers] == [Claimed] * 5
    told = await events(id, "TRANSFERRED")
    owners = [people[0].id, *(event.member_id for event in told)]
    assert [event.former_id for event in told] == owners[:-1]
    assert [event.epoch for event in told] == [2, 3, 4, 5, 6]
    assert await replay.differences() == []


async def test_transfers_at_once_never_fill_a_receiver_over_capacity(office: Office) -> None:
    pool = await office.pool(capacity=10)
    admin, receiver = await office.admin(), await office.person()
    givers = [await office.person() for _ in range(3)]
    ids = await office.customers(pool, 30)
    for n, who in enumerate(givers):
        await claims.claim(who, ids[n * 10 : n * 10 + 10])

    async def transfer(id: object) -> object:
        try:
            return await transfers.transfer(admin, id, receiver.id)  # type: ignore[arg-type]
        except CapacityReached as refused:
            return refused

    answers = await asyncio.gather(*map(transfer, ids))
    assert sum(isinstance(answer, Claimed) for answer in answers) == 10
    assert [a for a in answers if not isinstance(a, Claimed)] == [CapacityReached(10, 10)] * 20
    assert await seat(pool, receiver) == (10, 0, 0)
    assert await replay.differences() == []


async def test_two_who_hand_each_other_everything_do_not_lock_each_other_out(
    office: Office,
) -> None:
    pool = await office.pool()
    admin, li, han = await office.admin(), await office.person(), await office.person()
    ids = await office.customers(pool, 40)
    await claims.claim(li, ids[:20])
    await claims.claim(han, ids[20:])
    await asyncio.gather(
        *(transfers.transfer(admin, id, han.id) for id in ids[:20]),
        *(transfers.transfer(admin, id, li.id) for id in ids[20:]),
    )
    assert await seat(pool, li) == (20, 0, 20)
    assert await seat(pool, han) == (20, 0, 20)
    assert await replay.differences() == []
