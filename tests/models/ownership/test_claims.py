import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from models.customers.update import update_customer
from models.holding import follow_ups
from models.ledger import replay
from models.ledger.outcomes import Claimed
from models.organizations import leaving
from models.ownership import claims, releases
from models.ownership.claimable import Claimable
from models.pools import access
from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    Forbidden,
    InvalidInput,
    NotFound,
    NotYetOpen,
    Problem,
)
from models.tables import Customer, Event, Seat
from tests.support.claimable import claimable
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
    until,
)


async def test_a_claim_makes_the_claimer_the_owner_and_starts_the_clock(office: Office) -> None:
    pool = await office.pool(first_follow_up_within="P10D", max_hold="P20D")
    li = await office.person()
    customer = done((await claims.claim(li, [await office.customer(pool)]))[0])
    stored = await row(customer.id)
    assert (stored.owner_id, stored.epoch, stored.opened_at) == (li.id, 1, None)
    assert stored.claimed_at is not None
    assert stored.release_at == stored.claimed_at + timedelta(days=10)
    assert stored.release_reason == "NOT_FOLLOWED_UP"
    assert stored.remind_at == [
        stored.claimed_at + timedelta(days=3),
        stored.claimed_at + timedelta(days=7),
    ]
    assert stored.remind_offsets == ["P7D", "P3D"]
    assert customer.release_at == stored.release_at


async def test_a_claim_is_in_the_ledger_with_who_when_and_until_when(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    (event,) = await events(id, "CLAIMED")
    stored = await row(id)
    assert await story(id) == ["CREATED", "CLAIMED"]
    assert (event.epoch, event.actor_id, event.member_id, event.pool_id) == (
        1,
        li.id,
        li.id,
        pool.id,
    )
    assert (event.at, event.due_at) == (stored.claimed_at, stored.release_at)
    assert await replay.differences() == []


async def test_without_deadlines_nothing_will_release_it(office: Office) -> None:
    pool = await office.pool()
    customer = done((await claims.claim(await office.person(), [await office.customer(pool)]))[0])
    assert (customer.release_at, customer.release_reason, customer.remind_at) == (None, None, [])


async def test_a_held_customer_is_refused_and_stays_where_it_is(office: Office) -> None:
    pool = await office.pool()
    li, han = await office.person(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    assert await claims.claim(han, [id]) == [AlreadyHeld()]
    assert (await row(id)).owner_id == li.id
    assert await claims.claim(li, [id]) == [AlreadyHeld()]
    assert await story(id) == ["CREATED", "CLAIMED"]


async def test_a_full_private_pool_refuses_one_more(office: Office) -> None:
    pool = await office.pool(capacity=2)
    li = await office.person()
    ids = await office.customers(pool, 3)
    answers = await claims.claim(li, ids)
    assert [type(each) for each in answers] == [Claimed, Claimed, CapacityReached]
    assert answers[2] == CapacityReached(held=2, capacity=2)
    assert await seat(pool, li) == (2, 0, 2)
    assert await story(ids[2]) == ["CREATED"]


async def test_each_of_a_batch_is_answered_in_its_place(office: Office) -> None:
    pool = await office.pool()
    li, han = await office.person(), await office.person()
    ids = await office.customers(pool, 3)
    await claims.claim(han, [ids[1]])
    stranger = uuid4()
    answers = await claims.claim(li, [ids[2], None, ids[1], stranger, ids[0]])
    assert [type(each) for each in answers] == [Claimed, NotFound, AlreadyHeld, NotFound, Claimed]
    assert done(answers[0]).id == ids[2]
    assert done(answers[4]).id == ids[0]


async def test_a_customer_named_twice_in_a_batch_is_claimed_once(office: Office) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    first, second = await claims.claim(li, [id, id])
    assert (done(first).id, done(second).id) == (id, id)
    assert await seat(pool, li) == (1, 0, 1)


async def test_no_more_than_a_hundred_at_once(office: Office) -> None:
    pool = await office.pool()
    li = await office.person()
    ids = await office.customers(pool, 101)
    refused = await refusal(claims.claim(li, ids))
    assert refused == InvalidInput((Problem("customerIds", "at most 100 customers at once"),))
    assert await Seat.all().count() == 0
    assert [type(each) for each in await claims.claim(li, ids[:100])] == [Claimed] * 100
    assert await claims.claim(li, []) == []


async def test_a_members_own_capacity_goes_before_the_departments_and_the_pools(
    office: Office,
) -> None:
    li, han = await office.person(), await office.person()
    pool = await office.pool(
        capacity=5,
        capacities=[
            {"member": str(li.id), "capacity": 1},
            {"department": str(office.department_id), "capacity": 2},
        ],
    )
    li, han = await office.viewer(li.id), await office.viewer(han.id)
    ids = await office.customers(pool, 6)
    assert (await claims.claim(li, ids[:2]))[1] == CapacityReached(1, 1)
    assert (await claims.claim(han, ids[2:5]))[2] == CapacityReached(2, 2)


async def test_won_customers_do_not_fill_the_private_pool_where_they_do_not_count(
    office: Office,
) -> None:
    pool = await office.pool(capacity=1, won_count=False)
    li = await office.person()
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids[:1])
    assert await claims.claim(li, ids[1:2]) == [CapacityReached(1, 1)]
    await follow_ups.record_deal(li, ids[0], Decimal(100))
    answers = await claims.claim(li, ids[1:])
    assert [type(each) for each in answers] == [Claimed, CapacityReached]
    assert await seat(pool, li) == (2, 1, 2)


async def test_the_daily_limit_holds_until_the_organizations_midnight(office: Office) -> None:
    pool = await office.pool(daily_claim_limit=2)
    li = await office.person()
    ids = await office.customers(pool, 3)
    answers = await claims.claim(li, ids)
    assert [type(each) for each in answers[:2]] == [Claimed, Claimed]
    calendar = li.organization.calendar
    claimed_at = done(answers[1]).claimed_at
    assert claimed_at is not None
    assert answers[2] == DailyLimitReached(2, calendar.next_midnight(claimed_at))
    assert calendar.next_midnight(claimed_at).astimezone(calendar.zone).hour == 0


async def test_giving_back_does_not_buy_another_claim_today_but_tomorrow_does(
    office: Office,
) -> None:
    pool = await office.pool(daily_claim_limit=1)
    li = await office.person()
    ids = await office.customers(pool, 2)
    await claims.claim(li, ids[:1])
    await releases.give_back(li, ids[0], "不合适")
    assert isinstance((await claims.claim(li, ids[1:]))[0], DailyLimitReached)
    await time_passes("1 day")
    done((await claims.claim(li, ids[1:]))[0])
    assert await seat(pool, li) == (1, 0, 1)
    assert await replay.differences() == []


async def test_who_lost_a_customer_cools_down_and_a_colleague_does_not(office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P7D")
    li, han = await office.person(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "不合适")
    (released,) = await events(id, "RELEASED")
    assert await claims.claim(li, [id]) == [CoolingDown(released.at + timedelta(days=7))]
    done((await claims.claim(han, [id]))[0])


async def test_the_cool_down_counts_from_the_last_loss_and_ends_to_the_second(
    office: Office,
) -> None:
    pool = await office.pool(reclaim_cooldown="PT1S")
    li, han = await office.person(), await office.person()
    id = await office.customer(pool)
    for who in (li, han):
        await claims.claim(who, [id])
        await releases.give_back(who, id, "不合适")
    (answer,) = await claims.claim(li, [id])
    assert isinstance(answer, CoolingDown)

    async def claimed() -> Customer | None:
        (outcome,) = await claims.claim(li, [id])
        return outcome.customer if isinstance(outcome, Claimed) else None

    customer = await until(claimed)
    assert answer.until <= customer.claimed_at < answer.until + timedelta(seconds=1)


async def test_a_customer_new_to_the_pool_opens_when_its_lock_ends(office: Office) -> None:
    pool = await office.pool(new_customer_lock="P1D")
    li = await office.person()
    id = await office.customer(pool)
    opens = (await row(id)).entered_at + timedelta(days=1)
    assert await claims.claim(li, [id]) == [NotYetOpen(opens)]
    await time_passes("1 day")
    done((await claims.claim(li, [id]))[0])


async def test_a_pool_that_is_not_open_to_them_has_no_customers(office: Office) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await access.set_access(await office.admin(), pool.id, [], [], [office.founder.id])
    li = await office.viewer(li.id)
    assert isinstance((await claims.claim(li, [id]))[0], NotFound)
    assert (await row(id)).owner_id is None


async def test_another_organizations_customer_is_not_found(office: Office) -> None:
    pool = await office.pool()
    id = await office.customer(pool)
    stranger = await (await found("别家")).admin()
    assert await claims.claim(stranger, [id]) == [NotFound()]
    assert await claimable(stranger, [id]) == {}
    assert (await row(id)).epoch == 0


async def test_claimable_says_what_a_claim_would_say(office: Office) -> None:
    locked = await office.pool(new_customer_lock="P1D")
    full = await office.pool(capacity=0)
    limited = await office.pool(daily_claim_limit=1)
    free = await office.pool(max_hold="P2D")
    li = await office.person()
    used = await office.customer(limited)
    await claims.claim(li, [used])
    ids = [await office.customer(pool) for pool in (locked, full, limited, free)] + [used]
    said = await claimable(li, ids)
    answers = await claims.claim(li, ids)
    assert [said[id] for id in (*ids[:3], used)] == [*answers[:3], answers[4]]
    free_one = said[ids[3]]
    assert isinstance(free_one, Claimable)
    assert free_one.release_at
    assert abs(free_one.release_at - datetime.now(UTC) - timedelta(days=2)) < timedelta(seconds=5)


async def test_of_many_who_claim_one_customer_at_once_one_wins(office: Office) -> None:
    pool = await office.pool()
    people = [await office.person() for _ in range(30)]
    id = await office.customer(pool)
    answers = await asyncio.gather(*(claims.claim(each, [id]) for each in people))
    winners = [n for n, (answer,) in enumerate(answers) if isinstance(answer, Claimed)]
    assert len(winners) == 1
    assert (await row(id)).owner_id == people[winners[0]].id
    assert [a for (a,) in answers if not isinstance(a, Claimed)] == [AlreadyHeld()] * 29
    assert await story(id) == ["CREATED", "CLAIMED"]
    assert await replay.differences() == []


async def test_a_hundred_claims_at_once_fill_a_private_pool_and_no_more(office: Office) -> None:
    pool = await office.pool(capacity=20)
    li = await office.person()
    ids = await office.customers(pool, 100)
    answers = await asyncio.gather(*(claims.claim(li, [id]) for id in ids))
    assert sum(isinstance(answer, Claimed) for (answer,) in answers) == 20
    assert [a for (a,) in answers if not isinstance(a, Claimed)] == [CapacityReached(20, 20)] * 80
    assert await seat(pool, li) == (20, 0, 20)
    assert await replay.differences() == []


async def test_a_hundred_claims_at_once_keep_the_daily_limit(office: Office) -> None:
    pool = await office.pool(daily_claim_limit=20)
    li = await office.person()
    ids = await office.customers(pool, 100)
    answers = await asyncio.gather(*(claims.claim(li, [id]) for id in ids))
    assert sum(isinstance(answer, Claimed) for (answer,) in answers) == 20
    assert sum(isinstance(answer, DailyLimitReached) for (answer,) in answers) == 80
    assert await seat(pool, li) == (20, 0, 20)


async def test_overlapping_batches_share_the_customers_between_them(office: Office) -> None:
    pool = await office.pool(capacity=30)
    people = [await office.person() for _ in range(4)]
    ids = await office.customers(pool, 100)
    orders = [ids, ids[::-1], ids[50:] + ids[:50], ids[::2] + ids[1::2]]
    answers = await asyncio.gather(
        *(claims.claim(who, order) for who, order in zip(people, orders, strict=True))
    )
    taken = [done(o).id for answer in answers for o in answer if isinstance(o, Claimed)]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 100
    assert max([await seat(pool, who) for who in people]) <= (30, 0, 30)
    assert await replay.differences() == []


async def test_an_administrator_assigns_past_cool_down_lock_and_daily_limit(
    office: Office,
) -> None:
    pool = await office.pool(
        new_customer_lock="P1D", reclaim_cooldown="P1D", daily_claim_limit=1, max_hold="P10D"
    )
    li, admin = await office.person(), await office.admin()
    first, second = await office.customers(pool, 2)
    done(await claims.assign(admin, first, li.id))
    await releases.give_back(li, first, "不合适")
    done(await claims.assign(admin, first, li.id))
    done(await claims.assign(admin, second, li.id))
    assert await seat(pool, li) == (2, 0, 0)
    (event,) = await events(second, "ASSIGNED")
    assert (event.actor_id, event.member_id) == (admin.id, li.id)


async def test_an_assignment_keeps_to_the_receivers_capacity(office: Office) -> None:
    pool = await office.pool(capacity=1)
    li, admin = await office.person(), await office.admin()
    first, second = await office.customers(pool, 2)
    done(await claims.assign(admin, first, li.id))
    assert await refusal(claims.assign(admin, second, li.id)) == CapacityReached(1, 1)
    assert await refusal(claims.assign(admin, first, li.id)) == AlreadyHeld()


async def test_an_assigned_customer_with_little_time_left_reminds_at_once(office: Office) -> None:
    pool = await office.pool(max_hold="P2D", reminders=["P1D", "P2D"])
    li, admin = await office.person(), await office.admin()
    assigned = done(await claims.assign(admin, await office.customer(pool), li.id))
    assert assigned.claimed_at is not None
    assert assigned.remind_at == [assigned.claimed_at, assigned.claimed_at + timedelta(days=1)]
    assert assigned.remind_offsets == ["P2D", "P1D"]
    claimed = done((await claims.claim(li, [await office.customer(pool)]))[0])
    assert claimed.remind_offsets == ["P1D"]


async def test_only_administrators_assign_and_only_to_those_who_are_there(office: Office) -> None:
    pool = await office.pool()
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    assert isinstance(await refusal(claims.assign(li, id, li.id)), Forbidden)
    assert await refusal(claims.assign(admin, id, uuid4())) == NotFound()
    assert await refusal(claims.assign(admin, None, li.id)) == NotFound()
    await leaving.deactivate(admin, li.id)
    assert isinstance(await refusal(claims.assign(admin, id, li.id)), Forbidden)
    assert (await row(id)).owner_id is None
    assert await Event.filter(action="ASSIGNED").count() == 0


async def test_a_level_that_changes_under_a_claim_does_not_leave_it_the_old_deadline(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P20D", levels=[{"level": "A", "max_hold": "P2D"}])
    li, admin = await office.person(), await office.admin()
    for id in await office.customers(pool, 20):
        await asyncio.gather(claims.claim(li, [id]), update_customer(admin, id, {"level": "A"}))
    assert await replay.differences() == []
