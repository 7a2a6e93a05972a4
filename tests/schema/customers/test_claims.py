"""Claims through HTTP, many at once: what must hold whoever comes first."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from models.ledger import replay
from models.tables import Event, Seat
from tests.support.asking import (
    CHECK,
    CLAIM,
    CLAIMS,
    RELEASE,
    ask,
    ask_until_told,
    customer_gid,
    gid,
    kinds,
    refused,
)
from tests.support.running import Client
from tests.support.samples import Office, events, row, seat, story, time_passes

INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(INSTANT)


async def test_a_claim_answers_the_customer_as_it_now_stands(api: Client, office: Office) -> None:
    pool = await office.pool(first_follow_up_within="P10D", max_hold="P20D")
    li, id = await office.person("李雷"), await office.customer(pool)
    document = """mutation ($customer: ID!) { claimCustomer(customerId: $customer) {
      __typename ... on Claimed { customer { id openedAt owner { name }
        claimable { __typename }
        holding { since followedUpAt wonAt locked remindAt
          release { at reason conditions { reason at remedy } } } } } } }"""
    answer = await ask(api, li, document, customer=customer_gid(id))
    claimed_at = (await row(id)).claimed_at
    assert claimed_at is not None
    first, last = (instant(claimed_at + timedelta(days=days)) for days in (10, 20))
    holding = answer["customer"].pop("holding")
    assert answer == {
        "__typename": "Claimed",
        "customer": {
            "id": customer_gid(id),
            "openedAt": None,
            "owner": {"name": "李雷"},
            "claimable": {"__typename": "AlreadyHeld"},
        },
    }
    conditions = holding["release"].pop("conditions")
    assert holding == {
        "since": instant(claimed_at),
        "followedUpAt": None,
        "wonAt": None,
        "locked": False,
        "remindAt": [instant(claimed_at + timedelta(days=days)) for days in (3, 7)],
        "release": {"at": first, "reason": "NOT_FOLLOWED_UP"},
    }
    assert [(each["reason"], each["at"]) for each in conditions] == [
        ("NOT_FOLLOWED_UP", first),
        ("MAX_HOLD", last),
    ]
    assert all(each["remedy"] for each in conditions)


async def test_of_400_claims_of_one_customer_by_40_members_one_wins(
    api: Client, office: Office
) -> None:
    pool = await office.pool(capacity=5, max_hold="P20D")
    id = await office.customer(pool)
    team = [await office.person() for _ in range(40)]
    requests = [
        ask_until_told(api, who, CLAIM, customer=customer_gid(id), key=f"{n}")
        for n, who in enumerate(team * 10)
    ]
    answers = await asyncio.gather(*requests)
    (winner,) = [each for each in answers if each["__typename"] == "Claimed"]
    losers = [each for each in answers if each is not winner]
    message = "This customer already has an owner."
    assert losers == [{"__typename": "AlreadyHeld", "message": message}] * 399
    owner_id = (await row(id)).owner_id
    assert owner_id is not None
    assert winner["customer"]["owner"] == {"id": gid("Member", owner_id)}
    assert await story(id) == ["CREATED", "CLAIMED"]
    assert (await row(id)).epoch == 1
    assert sum([each.held for each in await Seat.all()]) == 1
    assert await replay.differences() == []


async def test_of_100_claims_at_once_a_capacity_of_20_lets_20_through(
    api: Client, office: Office
) -> None:
    pool = await office.pool(capacity=20)
    li, customers = await office.person(), await office.customers(pool, 100)
    requests = [ask(api, li, CLAIM, customer=customer_gid(id)) for id in customers]
    answers = await asyncio.gather(*requests)
    no = [each for each in answers if each["__typename"] != "Claimed"]
    assert len(no) == 80
    assert {(each["__typename"], each["held"], each["capacity"]) for each in no} == {
        ("CapacityReached", 20, 20)
    }
    assert await seat(pool, li) == (20, 0, 20)
    assert await Event.filter(action="CLAIMED").count() == 20
    assert await replay.differences() == []


async def test_of_100_claims_at_once_a_daily_limit_of_20_lets_20_through(
    api: Client, office: Office
) -> None:
    pool = await office.pool(daily_claim_limit=20)
    li, customers = await office.person(), await office.customers(pool, 100)
    requests = [ask(api, li, CLAIM, customer=customer_gid(id)) for id in customers]
    answers = await asyncio.gather(*requests)
    no = [each for each in answers if each["__typename"] != "Claimed"]
    assert len(no) == 80
    midnight = instant(next_midnight("Asia/Shanghai"))
    assert {(each["__typename"], each["limit"], each["resetsAt"]) for each in no} == {
        ("DailyLimitReached", 20, midnight)
    }
    assert await seat(pool, li) == (20, 0, 20)
    assert await replay.differences() == []


async def test_the_daily_limit_is_over_after_the_organizations_midnight(
    api: Client, office: Office
) -> None:
    pool = await office.pool(daily_claim_limit=1)
    li, (first, second) = await office.person(), await office.customers(pool, 2)
    assert (await ask(api, li, CLAIM, customer=customer_gid(first)))["__typename"] == "Claimed"
    no = await ask(api, li, CLAIM, customer=customer_gid(second))
    assert no["__typename"] == "DailyLimitReached"
    await time_passes("1 day")
    assert (await ask(api, li, CLAIM, customer=customer_gid(second)))["__typename"] == "Claimed"
    assert await replay.differences() == []


async def test_many_members_with_many_claims_keep_every_cap(api: Client, office: Office) -> None:
    pool = await office.pool(capacity=4, daily_claim_limit=3)
    team = [await office.person() for _ in range(10)]
    customers = await office.customers(pool, 32)
    found = await kinds(
        ask_until_told(api, who, CLAIM, customer=customer_gid(id), key=f"{id}")
        for id in customers
        for who in team
    )
    assert found["Claimed"] == 30
    assert found.keys() <= {"Claimed", "AlreadyHeld", "DailyLimitReached"}
    for who in team:
        assert await seat(pool, who) == (3, 0, 3)
    assert await replay.differences() == []


async def test_release_and_claim_race_under_a_cool_down(api: Client, office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P7D")
    li, han, id = await office.person(), await office.person(), await office.customer(pool)
    for _ in range(10):
        await ask(api, li, CLAIM, customer=customer_gid(id))
        race = [ask(api, li, RELEASE, customer=customer_gid(id))]
        race += [ask(api, li, CLAIM, customer=customer_gid(id)) for _ in range(5)]
        answers = await asyncio.gather(*race)
        assert answers[0]["__typename"] == "Released"
        assert {each["__typename"] for each in answers[1:]} <= {"AlreadyHeld", "CoolingDown"}
        assert (await row(id)).owner_id is None
        released = (await events(id, "RELEASED"))[-1]
        no = await ask(api, li, CLAIM, customer=customer_gid(id))
        assert (no["__typename"], no["until"]) == (
            "CoolingDown",
            instant(released.at + timedelta(days=7)),
        )
        taken = await ask(api, han, CLAIM, customer=customer_gid(id))
        assert taken["__typename"] == "Claimed"
        await ask(api, han, RELEASE, customer=customer_gid(id))
        await time_passes("7 days")
    assert await story(id) == ["CREATED", *["CLAIMED", "RELEASED"] * 20]
    assert await replay.differences() == []


async def test_a_colleague_may_win_between_a_release_and_the_next_claim(
    api: Client, office: Office
) -> None:
    pool = await office.pool(reclaim_cooldown="PT1H", capacity=1)
    team = [await office.person() for _ in range(6)]
    id = await office.customer(pool)
    for _ in range(15):
        race = [ask(api, who, CLAIM, customer=customer_gid(id)) for who in team]
        race += [ask(api, who, RELEASE, customer=customer_gid(id)) for who in team]
        answers = await asyncio.gather(*race)
        assert {each["__typename"] for each in answers} <= {
            "Claimed",
            "AlreadyHeld",
            "CoolingDown",
            "Released",
            "NotHolder",
        }
    told = await story(id)
    assert told[1:] == (["CLAIMED", "RELEASED"] * 100)[: len(told) - 1]
    claimers = [event.member_id for event in await events(id, "CLAIMED")]
    assert len(claimers) == len(set(claimers)), "somebody claimed it back under the cool-down"
    assert await replay.differences() == []


async def test_a_batch_answers_each_in_its_place(api: Client, office: Office) -> None:
    pool = await office.pool(capacity=3)
    li, han = await office.person(), await office.person()
    first, held, third, fourth, fifth = await office.customers(pool, 5)
    await ask(api, han, CLAIM, customer=customer_gid(held))
    wanted = [
        customer_gid(first),
        "nonsense",
        customer_gid(held),
        customer_gid(third),
        customer_gid(uuid4()),
        gid("Member", fourth),
        customer_gid(first),
        customer_gid(fourth),
        customer_gid(fifth),
    ]
    answers = await ask(api, li, CLAIMS, customers=wanted)
    assert [each["__typename"] for each in answers] == [
        "Claimed",
        "NotFound",
        "AlreadyHeld",
        "Claimed",
        "NotFound",
        "NotFound",
        "Claimed",
        "Claimed",
        "CapacityReached",
    ]
    assert [answers[n]["customer"]["id"] for n in (0, 3, 6, 7)] == [
        customer_gid(id) for id in (first, third, first, fourth)
    ]
    assert (answers[8]["held"], answers[8]["capacity"]) == (3, 3)
    assert await story(fifth) == ["CREATED"]
    assert await replay.differences() == []


async def test_a_batch_takes_at_most_a_hundred(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    customers = [customer_gid(id) for id in await office.customers(pool, 101)]
    no = await refused(api, li, CLAIMS, customers=customers)
    assert no == {
        "path": ["claimCustomers"],
        "code": "InvalidInput",
        "problems": [{"path": "customerIds", "message": "at most 100 customers at once"}],
    }
    assert await Event.filter(action="CLAIMED").count() == 0
    answers = await ask(api, li, CLAIMS, customers=customers[:100])
    assert {each["__typename"] for each in answers} == {"Claimed"}
    assert await seat(pool, li) == (100, 0, 100)
    assert await ask(api, li, CLAIMS, customers=[]) == []


async def test_batches_of_the_same_customers_at_once_share_them_out(
    api: Client, office: Office
) -> None:
    pool = await office.pool(capacity=15)
    team = [await office.person() for _ in range(8)]
    customers = [customer_gid(id) for id in await office.customers(pool, 60)]
    turned = [customers[n * 7 :] + customers[: n * 7] for n in range(8)]
    requests = [ask(api, who, CLAIMS, customers=t) for who, t in zip(team, turned, strict=True)]
    claimed = [
        each["customer"]["id"]
        for answers in await asyncio.gather(*requests)
        for each in answers
        if each["__typename"] == "Claimed"
    ]
    assert sorted(claimed) == sorted(customers)
    for each in await Seat.all():
        assert each.held <= 15
    assert await replay.differences() == []


async def test_a_new_customer_opens_when_its_lock_is_over(api: Client, office: Office) -> None:
    pool, li = await office.pool(new_customer_lock="P2D"), await office.person()
    id = await office.customer(pool)
    no = await ask(api, li, CLAIM, customer=customer_gid(id))
    opens = instant((await row(id)).entered_at + timedelta(days=2))
    assert (no["__typename"], no["opensAt"]) == ("NotYetOpen", opens)
    assert (await ask(api, li, CHECK, id=customer_gid(id)))["claimable"] == no
    await time_passes("2 days")
    found = await ask(api, li, CHECK, id=customer_gid(id))
    assert found["claimable"] == {"__typename": "Claimable", "releaseAt": None}
    assert (await ask(api, li, CLAIM, customer=customer_gid(id)))["__typename"] == "Claimed"


async def test_claimable_says_what_a_claim_then_says(api: Client, office: Office) -> None:
    li, han = await office.person(), await office.person()
    full = await office.pool(capacity=1)
    daily = await office.pool(daily_claim_limit=1)
    cooling = await office.pool(reclaim_cooldown="P7D")
    locked = await office.pool(new_customer_lock="P7D")
    free = await office.pool()
    customers = []
    for pool in (full, daily):
        for id in await office.customers(pool, 2):
            await ask(api, li, CLAIM, customer=customer_gid(id))
        customers.append(id)
    lost, fresh, held, open_ = [
        await office.customer(pool) for pool in (cooling, locked, free, free)
    ]
    await ask(api, li, CLAIM, customer=customer_gid(lost))
    await ask(api, li, RELEASE, customer=customer_gid(lost))
    await ask(api, han, CLAIM, customer=customer_gid(held))
    told = []
    for id in [*customers, lost, fresh, held]:
        said = (await ask(api, li, CHECK, id=customer_gid(id)))["claimable"]
        assert said == await ask(api, li, CLAIM, customer=customer_gid(id))
        told.append(said["__typename"])
    assert told == [
        "CapacityReached",
        "DailyLimitReached",
        "CoolingDown",
        "NotYetOpen",
        "AlreadyHeld",
    ]
    said = (await ask(api, li, CHECK, id=customer_gid(open_)))["claimable"]
    assert said == {"__typename": "Claimable", "releaseAt": None}


def next_midnight(zone: str) -> datetime:
    today = datetime.now(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)
