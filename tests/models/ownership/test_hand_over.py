import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.customers.update import update_customer
from models.holding import follow_ups
from models.ledger import replay
from models.ledger.outcomes import HandedOver
from models.organizations import leaving
from models.ownership import claims, hand_over, handing, leavers, releases
from models.pools import access, pools
from models.queue.queue import queue
from models.refusals import Forbidden, InvalidInput, NotFound
from models.rules.rules import Rules
from models.tables import Customer, Event
from models.viewers import Viewer
from tests.support.keyed import keyed
from tests.support.samples import (
    Office,
    deadlocks,
    events,
    refusal,
    row,
    seat,
    someone_waits,
    story,
    time_passes,
    under_way,
    until,
)


async def hand(
    who: Viewer, li: Viewer, to: list[Viewer], ids: list[UUID] | None = None, **given: Any
) -> HandedOver:
    receivers = [each.id for each in to]
    return await hand_over.hand_over(who, li.id, receivers, ids, given.get("reason", "李雷休假"))


async def owners(ids: list[UUID]) -> list[UUID | None]:
    return [(await row(id)).owner_id for id in ids]


async def people(office: Office, how_many: int) -> list[Viewer]:
    return [await office.person() for _ in range(how_many)]


async def test_all_go_to_the_named_in_turn_with_new_clocks_and_the_reason(office: Office) -> None:
    pool = await office.pool(follow_up_within="P3D", max_hold="P20D")
    li, han, mei = await people(office, 3)
    admin, ids = await office.admin(), await office.customers(pool, 5)
    for id in ids:
        await claims.claim(li, [id])
    await time_passes("2 days")
    done = await hand(admin, li, [han, mei])
    assert done.received == ((str(han.id), 3), (str(mei.id), 2))
    assert (done.released, done.released_count, done.remaining) == ((), 0, 0)
    assert await owners(ids) == [han.id, mei.id, han.id, mei.id, han.id]
    (event,) = await events(ids[0], "TRANSFERRED")
    assert (event.actor_id, event.member_id, event.former_id) == (admin.id, han.id, li.id)
    assert (event.reason, event.release_reason) == ("李雷休假", "TRANSFERRED")
    customer = await row(ids[0])
    assert customer.release_at == event.due_at
    assert customer.release_at is not None
    assert customer.claimed_at == event.at
    assert (customer.release_at - customer.claimed_at).days == 3
    assert [await seat(pool, who) for who in (li, han, mei)] == [(0, 0, 5), (3, 0, 0), (2, 0, 0)]
    assert await replay.differences() == []


async def test_capacity_holds_and_what_does_not_fit_is_named_and_in_the_pool(
    office: Office,
) -> None:
    pool, wide = await office.pool(), await office.pool()
    li, han, mei = await people(office, 3)
    ids, others = await office.customers(pool, 4), await office.customers(wide, 2)
    await claims.claim(li, ids + others)
    tight = {"capacities": [{"member": str(each.id), "capacity": 1} for each in (han, mei)]}
    admin = await office.admin()
    await _change_rules(admin, pool.id, **tight)
    done = await hand(admin, li, [han, mei])
    assert sum(count for _, count in done.received) == 4
    assert set(done.released) == {str(id) for id in ids if (await row(id)).owner_id is None}
    assert (done.released_count, done.remaining) == (2, 0)
    assert await owners(others) != [None, None]
    (event,) = await events(UUID(done.released[0]), "RELEASED")
    assert (event.reason, event.release_reason) == ("李雷休假", "GIVEN_BACK")
    assert (event.actor_id, event.former_id) == (admin.id, li.id)
    assert [(await seat(pool, who))[0] for who in (li, han, mei)] == [0, 1, 1]
    assert await replay.differences() == []


async def test_a_signed_customer_stays_signed_and_fits_where_signed_ones_take_no_room(
    office: Office,
) -> None:
    pool = await office.pool(capacity=1, won_count=False)
    li, han = await people(office, 2)
    signed, open_ = await office.customers(pool, 2)
    await claims.claim(li, [signed])
    await follow_ups.record_deal(li, signed, Decimal(1))
    await claims.claim(li, [open_])
    await claims.claim(han, [await office.customer(pool)])
    done = await hand(await office.admin(), li, [han])
    assert (await row(signed)).won_at is not None
    assert await owners([signed, open_]) == [han.id, None]
    assert done.released == (str(open_),)
    assert await seat(pool, han) == (2, 1, 1)
    assert await replay.differences() == []


async def test_only_the_named_go_and_only_once(office: Office) -> None:
    pool = await office.pool()
    li, han = await people(office, 2)
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    done = await hand(await office.admin(), li, [han, han], [ids[2], ids[2]])
    assert (done.received, done.remaining) == (((str(han.id), 1),), 2)
    assert await owners(ids) == [li.id, li.id, han.id]


async def test_a_call_hands_over_so_many_the_longest_held_first_and_says_what_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_over, "MOST", 2)
    pool, admin, (li, han) = await office.pool(), await office.admin(), await people(office, 2)
    last, *first = await office.customers(pool, 3)
    for id in (*first, last):
        await claims.claim(li, [id])
    for received, remaining, moved in ((2, 1, first), (1, 0, [last])):
        done = await hand(admin, li, [han])
        assert (done.received, done.remaining) == (((str(han.id), received),), remaining)
        assert await owners(moved) == [han.id] * received


async def test_the_first_of_many_that_fit_nowhere_are_named_in_the_order_of_names(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_over, "SHOWN", 2)
    pool, (li, han) = await office.pool(capacity=3), await people(office, 2)
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    await claims.claim(han, await office.customers(pool, 3))
    for id, name in zip(ids, ("C", "A", "B"), strict=True):
        await update_customer(li, id, {"name": name})
    done = await hand(await office.admin(), li, [han])
    assert (done.released, done.released_count) == ((str(ids[1]), str(ids[2])), 3)


async def test_who_handed_a_customer_over_cools_down(office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P7D")
    li, han = await people(office, 2)
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await hand(await office.admin(), li, [han])
    await releases.give_back(han, id, "不合适")
    (answer,) = await claims.claim(li, [id])
    assert type(answer).__name__ == "CoolingDown"


async def test_an_administrator_hands_over_what_lies_in_their_pools_and_nothing_else(
    office: Office,
) -> None:
    own, foreign = await office.pool(), await office.pool()
    li, han, boss = await people(office, 3)
    department = office.department_id
    await access.set_access(await office.admin(), own.id, [], [department], [boss.id])
    boss = await office.viewer(boss.id)
    (mine, named), theirs = await office.customers(own, 2), await office.customer(foreign)
    ids = [mine, named, theirs]
    await claims.claim(li, ids)
    for some in (ids, [theirs]):
        assert await refusal(hand(boss, li, [han], some)) == Forbidden(
            "Only administrators of its pool may hand a customer over."
        )
    assert await owners(ids) == [li.id] * 3
    await hand(boss, li, [han], [named])
    assert await owners(ids) == [li.id, han.id, li.id]
    done = await hand(boss, li, [han])
    assert (await owners(ids), done.remaining) == ([han.id, han.id, li.id], 0)


async def test_what_is_wrong_is_named_and_nothing_happens(office: Office) -> None:
    pool = await office.pool()
    li, han, gone = await people(office, 3)
    admin, ids = await office.admin(), await office.customers(pool, 2)
    await claims.claim(li, ids[:1])
    await leaving.deactivate(admin, gone.id)
    boss = "Only administrators of a pool may hand customers over."
    itself = "is the member whose customers are handed over"
    held = f"is not held by {li.member.name}"
    some = "name at least one, or leave it out for all"
    for act, no in [
        (hand(li, li, [han]), Forbidden(boss)),
        (hand(admin, li, []), InvalidInput.at("toMemberIds", "name at least one member")),
        (hand(admin, li, [han, li]), InvalidInput.at("toMemberIds.1", itself)),
        (hand(admin, li, [han], ids), InvalidInput.at("customerIds.1", held)),
        (hand(admin, li, [han], []), InvalidInput.at("customerIds", some)),
        (hand(admin, li, [han], [uuid4()]), NotFound()),
        (hand_over.hand_over(admin, uuid4(), [han.id], None, "x"), NotFound()),
        (hand_over.hand_over(admin, li.id, [uuid4()], None, "x"), NotFound()),
    ]:
        assert await refusal(act) == no
    assert type(await refusal(hand(admin, li, [gone]))) is Forbidden
    assert type(await refusal(hand(admin, li, [han], reason=" "))) is InvalidInput
    assert [await story(id) for id in ids] == [["CREATED", "CLAIMED"], ["CREATED"]]


async def test_a_leavers_customers_go_to_the_named_and_the_rest_to_the_named_pool(
    office: Office,
) -> None:
    pool, other = await office.pool(), await office.pool()
    li, han, mei = await people(office, 3)
    ids, admin = await office.customers(pool, 5), await office.admin()
    await claims.claim(li, ids)
    await _change_rules(admin, pool.id, capacity=2)
    left = await leaving.deactivate(admin, li.id, other.id, [han.id, mei.id])
    assert (left.released, left.handed_over) == (1, 4)
    lies = [(await row(id)).pool_id for id in ids if (await row(id)).owner_id is None]
    assert lies == [other.id]
    assert Counter(await owners(ids)) == {han.id: 2, mei.id: 2, None: 1}
    again = await leaving.deactivate(admin, li.id)
    assert (again.released, again.handed_over) == (0, 0)
    assert await replay.differences() == []


async def test_who_left_after_they_were_named_gets_nothing(office: Office) -> None:
    """Two leavers who were named for each other would hand on to each other for ever."""
    pool, admin = await office.pool(), await office.admin()
    li, han, mei = await people(office, 3)
    ids = await office.customers(pool, 4)
    await claims.claim(li, ids)
    await leaving.deactivate(admin, han.id)
    await leavers.hand_on_all_of(admin, li.id, [han.member, mei.member], None)
    assert await owners(ids) == [mei.id] * 4
    await claims.claim(li, more := await office.customers(pool, 2))
    await leavers.hand_on_all_of(admin, li.id, [han.member], None)
    assert await owners(more) == [None, None]
    assert await story(more[0]) == ["CREATED", "CLAIMED", "RELEASED"]
    assert await replay.differences() == []


async def test_nobody_leaves_if_a_receiver_is_wrong(office: Office) -> None:
    li, admin = await office.person(), await office.admin()
    for ids in ([], [li.id], [uuid4()]):
        await refusal(leaving.deactivate(admin, li.id, None, ids))
    assert await office.viewer(li.id)


async def test_a_repeated_key_answers_the_same_and_a_new_one_finds_nothing_left(
    office: Office,
) -> None:
    pool = await office.pool(capacity=3)
    li, han = await people(office, 2)
    await claims.claim(li, await office.customers(pool, 3))
    await claims.claim(han, await office.customers(pool, 2))
    admin = await office.admin()
    given = (li.id, [han.id], None, "休假")
    first = await keyed(admin, "k1", hand_over.hand_over, *given)
    assert (first.received, first.released_count) == (((str(han.id), 1),), 2)
    assert await keyed(admin, "k1", hand_over.hand_over, *given) == first
    assert await Event.filter(action="TRANSFERRED").count() == 1
    none = await keyed(admin, "k2", hand_over.hand_over, *given)
    assert (none.received, none.released_count) == (((str(han.id), 0),), 0)
    assert await replay.differences() == []


@pytest.mark.parametrize("key", [None, "k"])
async def test_claims_beside_a_hand_over_never_pass_a_capacity(
    office: Office, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "BATCH", 7)
    pool = await office.pool(capacity=20)
    li, han, mei = await people(office, 3)
    held, free = await office.customers(pool, 20), await office.customers(pool, 30)
    await claims.claim(li, held)
    admin, before = await office.admin(), await deadlocks()
    given = (li.id, [han.id, mei.id], None, "休假")
    await asyncio.gather(
        keyed(admin, key, hand_over.hand_over, *given),
        *(claims.claim(who, [id]) for id in free for who in (han, mei)),
        *(releases.give_back(li, id, "不合适") for id in held[::5]),
        return_exceptions=True,
    )
    assert await Customer.filter(owner_id=li.id).count() == 0
    assert all([(await seat(pool, who))[0] <= 20 for who in (han, mei)])
    assert await deadlocks() == before
    assert await replay.differences() == []


@pytest.mark.parametrize("key", [None, "k"])
async def test_two_hand_overs_at_once_move_each_customer_once(
    office: Office, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "BATCH", 7)
    pool = await office.pool()
    li, han, mei = await people(office, 3)
    ids, theirs = await office.customers(pool, 30), await office.customers(pool, 10)
    await claims.claim(li, ids)
    await claims.claim(mei, theirs)
    admin, before = await office.admin(), await deadlocks()
    act = hand_over.hand_over
    await asyncio.gather(
        keyed(admin, key and "k1", act, li.id, [han.id, mei.id], None, "一"),
        keyed(admin, key and "k2", act, li.id, [mei.id, han.id], None, "二"),
        keyed(admin, key and "k3", act, mei.id, [han.id], theirs, "三"),
    )
    assert {len(await events(id, "TRANSFERRED")) for id in ids + theirs} == {1}
    assert await Customer.filter(owner_id=li.id).count() == 0
    assert await deadlocks() == before
    assert await replay.differences() == []


async def test_a_customer_that_is_lost_meanwhile_is_left_alone(office: Office) -> None:
    pool = await office.pool()
    li, han = await people(office, 2)
    ids = await office.customers(pool, 2)
    await claims.claim(li, ids)
    admin = await office.admin()
    async with under_way(lambda: releases.give_back(li, ids[0], "不合适")):
        going = asyncio.create_task(hand(admin, li, [han]))
        await until(someone_waits)
    done = await going
    assert (done.received, done.released_count) == (((str(han.id), 1),), 0)
    assert await owners(ids) == [None, han.id]


async def test_alarms_are_armed_anew(office: Office) -> None:
    pool = await office.pool(max_hold="P5D")
    li, han, mei = await people(office, 3)
    ids = await office.customers(pool, 4)
    await claims.claim(li, ids)
    assert queue.redis is not None
    await queue.redis.flushall()
    await hand(await office.admin(), li, [han, mei])
    assert await queue.redis.zcard("arq:queue") == len(ids)


async def _change_rules(admin: Viewer, pool_id: UUID, **rules: Any) -> None:
    await pools.change_rules(admin, pool_id, Rules.from_json(rules))
