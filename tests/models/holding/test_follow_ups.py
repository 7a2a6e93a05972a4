import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from models.holding import follow_ups
from models.ledger import replay
from models.ownership import claims
from models.refusals import InvalidInput, NotFound, NotHolder
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


async def test_a_follow_up_starts_the_clock_anew_from_now(office: Office) -> None:
    pool = await office.pool(first_follow_up_within="P2D", follow_up_within="P5D", max_hold="P9D")
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("1 day")
    customer = done(await follow_ups.log_follow_up(li, id, "VISIT", " 见了王总 "))
    assert customer.followed_up_at is not None
    assert customer.release_at == customer.followed_up_at + timedelta(days=5)
    assert customer.release_reason == "NOT_FOLLOWED_UP"
    (event,) = await events(id, "FOLLOWED_UP")
    assert event.details == {"kind": "VISIT", "note": "见了王总"}
    assert (event.at, event.due_at) == (customer.followed_up_at, customer.release_at)
    assert (event.actor_id, event.member_id, event.epoch) == (li.id, li.id, 1)
    assert await replay.differences() == []


async def test_a_follow_up_never_shortens_a_hold(office: Office) -> None:
    pool = await office.pool(first_follow_up_within="P10D", follow_up_within="P3D")
    li = await office.person()
    id = await office.customer(pool)
    before = done((await claims.claim(li, [id]))[0])
    after = done(await follow_ups.log_follow_up(li, id, "CALL", "在"))
    assert after.release_at == before.release_at


async def test_a_follow_up_does_not_move_the_maximum_hold(office: Office) -> None:
    pool = await office.pool(follow_up_within="P3D", max_hold="P4D")
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("2 days")
    customer = done(await follow_ups.log_follow_up(li, id, "CALL", "在"))
    assert customer.claimed_at is not None
    assert customer.release_at == customer.claimed_at + timedelta(days=4)
    assert customer.release_reason == "MAX_HOLD"


async def test_reminders_already_past_are_dropped_after_the_owners_own_act(
    office: Office,
) -> None:
    pool = await office.pool(follow_up_within="P2D", reminders=["P2D", "P1D"])
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    customer = done(await follow_ups.log_follow_up(li, id, "CALL", "在"))
    assert customer.remind_offsets == ["P1D"]


async def test_a_deal_exempts_a_customer_from_release(office: Office) -> None:
    pool = await office.pool(deal_within="P5D", max_hold="P9D")
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    customer = done(await follow_ups.record_deal(li, id, Decimal("9800.50")))
    assert customer.won_at is not None
    assert (customer.release_at, customer.remind_at) == (None, [])
    assert [event.details for event in await events(id, "WON")] == [{"amount": "9800.50"}]
    assert await seat(pool, li) == (1, 1, 1)
    assert await replay.differences() == []


async def test_where_deals_do_not_exempt_only_the_deal_deadline_is_gone(office: Office) -> None:
    pool = await office.pool(deal_within="P5D", max_hold="P9D", deal_exempts=False)
    li = await office.person()
    id = await office.customer(pool)
    assert done((await claims.claim(li, [id]))[0]).release_reason == "NO_DEAL"
    assert done(await follow_ups.record_deal(li, id, Decimal(1))).release_reason == "MAX_HOLD"


async def test_a_second_deal_is_logged_and_the_first_one_decides(office: Office) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    first = done(await follow_ups.record_deal(li, id, Decimal(1)))
    second = done(await follow_ups.record_deal(li, id, Decimal(2)))
    assert second.won_at == first.won_at
    assert [event.details["amount"] for event in await events(id, "WON")] == ["1", "2"]
    assert await seat(pool, li) == (1, 1, 1)


async def test_only_the_owner_works_a_customer(office: Office) -> None:
    pool = await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id, pooled = await office.customers(pool, 2)
    await claims.claim(li, [id])
    outsider = await (await found("别家")).admin()
    for who, customer, expected in (
        (han, id, NotHolder()),
        (admin, id, NotHolder()),
        (li, pooled, NotHolder()),
        (li, uuid4(), NotFound()),
        (li, None, NotFound()),
        (outsider, id, NotFound()),
    ):
        work = follow_ups.log_follow_up(who, customer, "CALL", "在")
        assert await refusal(work) == expected
        assert await refusal(follow_ups.record_deal(who, customer, Decimal(1))) == expected
    assert await story(id) == ["CREATED", "CLAIMED"]


@pytest.mark.parametrize("note", ["", " \n", "长" * 5001, "\0"])
async def test_a_follow_up_needs_a_note(office: Office, note: str) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    refused = await refusal(follow_ups.log_follow_up(li, id, "CALL", note))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == ["note"]


@pytest.mark.parametrize("amount", ["0", "-1", "0.00001", "1E15", "NaN", "Infinity", "1E-300"])
async def test_a_deal_needs_an_amount_that_can_be_paid(office: Office, amount: str) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    refused = await refusal(follow_ups.record_deal(li, id, Decimal(amount)))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == ["amount"]
    assert (await row(id)).won_at is None


async def test_twenty_follow_ups_at_once_are_all_logged(office: Office) -> None:
    pool = await office.pool(follow_up_within="P3D")
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await asyncio.gather(*(follow_ups.log_follow_up(li, id, "CALL", str(n)) for n in range(20)))
    logged = await events(id, "FOLLOWED_UP")
    assert sorted(int(event.details["note"]) for event in logged) == list(range(20))
    assert (await row(id)).followed_up_at == logged[-1].at
    assert await replay.differences() == []


async def test_ten_first_deals_at_once_are_one_in_the_seat(office: Office) -> None:
    pool = await office.pool(won_count=False, capacity=1)
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await asyncio.gather(*(follow_ups.record_deal(li, id, Decimal(1)) for _ in range(10)))
    assert await seat(pool, li) == (1, 1, 1)
    assert len(await events(id, "WON")) == 10
    assert await replay.differences() == []
