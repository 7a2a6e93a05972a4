"""A change of rules in the middle of everything: nobody skipped, doubled or released early."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest_asyncio

from models.holding import follow_ups, reevaluation, reminders
from models.ledger import replay
from models.ownership import claims, releases
from models.ownership.drain import release_due
from models.pools import pools
from models.refusals import Refusal
from models.rules import deadlines
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.durations import Span
from models.rules.rules import Rules
from models.rules.schedule import NEARER
from models.tables import Customer, Event, Pool, PoolRules
from models.viewers import Viewer
from schema.base import ids
from tests.support.running import Client
from tests.support.samples import Office, found, row, until

CHANGE = """
mutation($pool: ID!, $rules: RulesInput!) {
  updatePoolRules(poolId: $pool, rules: $rules) { __typename }
}
"""
CLAIM = "mutation($ids: [ID!]!) { claimCustomers(customerIds: $ids) { __typename } }"
CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"), frozenset(), frozenset())
MOST_LATE = timedelta(seconds=2)
VERSIONS: tuple[dict[str, Any], ...] = (
    {"max_hold": "PT2S", "reminders": ["PT1S"]},
    {"max_hold": "P20D", "reminders": ["P7D"]},
    {"first_follow_up_within": "PT1S", "follow_up_within": "P3D", "reminders": ["PT0.5S"]},
    {"deal_within": "PT1S", "max_hold": "PT3S", "reminders": ["PT2S", "PT0.4S"]},
    {},
)


@pytest_asyncio.fixture
async def office(database: None) -> Office:
    return await found()


async def test_rules_change_among_claims_follow_ups_and_drains(office: Office) -> None:
    pool = await office.pool(**VERSIONS[0])
    admin, people = await office.admin(), [await office.person() for _ in range(5)]
    customers = await office.customers(pool, 60)
    working = [asyncio.create_task(work(who, customers)) for who in people]
    draining = [asyncio.create_task(for_ever(act)) for act in (release_due, remind)]
    for version in VERSIONS * 2:
        await asyncio.sleep(0.4)
        await pools.change_rules(admin, pool.id, Rules.from_json(version))
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    strict = await pools.change_rules(admin, pool.id, Rules.from_json(VERSIONS[0]))
    await until(lambda: nobody_held(pool))
    for task in draining:
        task.cancel()
    await asyncio.gather(*draining, return_exceptions=True)
    assert strict.rules_version == 12
    await check_nobody_was_released_early(pool)
    await check_reminders_came_once(pool)
    assert await replay.differences() == []


async def test_lenient_rules_save_everyone_who_was_about_to_be_released(
    office: Office, api: Client, worker: asyncio.Task[None]
) -> None:
    pool, customers = await held_under(office, api, max_hold="PT3S", reminders=[])
    due = (await row(customers[0])).release_at
    assert due is not None
    await change(office, api, pool, maxHold="PT6S", reminders=[])
    await until(lambda: nobody_held(pool))
    for customer in customers:
        (event,) = await Event.filter(customer_id=customer, action="RELEASED")
        assert event.due_at is not None
        assert event.due_at >= due + timedelta(seconds=2.9)
        assert event.due_at <= event.at < event.due_at + MOST_LATE
    assert await replay.differences() == []


async def test_strict_rules_remind_everyone_once_and_release_on_time(
    office: Office, api: Client, worker: asyncio.Task[None]
) -> None:
    pool, customers = await held_under(office, api, max_hold="P20D", reminders=["P7D"])
    await change(office, api, pool, maxHold="PT4S", reminders=["PT2S", "PT3.999S"])
    await until(lambda: nobody_held(pool))
    for customer in customers:
        told = await Event.filter(customer_id=customer).order_by("seq")
        assert [event.action for event in told] == [
            "CREATED",
            "CLAIMED",
            "REMINDED",
            "REMINDED",
            "RELEASED",
        ]
        at_once, in_time, release = told[2:]
        assert release.due_at is not None
        assert at_once.details == {"offset": NEARER, "rules_version": 2}
        assert in_time.details["offset"] == "PT2S"
        assert at_once.at < release.due_at - timedelta(seconds=2) <= in_time.at
        assert release.due_at <= release.at < release.due_at + MOST_LATE
    await check_reminders_came_once(pool)
    assert await replay.differences() == []


async def work(who: Viewer, customers: list[UUID]) -> None:
    chance = random.Random(str(who.id))
    while True:
        customer = chance.choice(customers)
        try:
            await claims.claim(who, [customer])
            if chance.random() < 0.5:
                await follow_ups.log_follow_up(who, customer, "CALL", "再联系")
            if chance.random() < 0.1:
                await releases.give_back(who, customer, "没有预算")
        except Refusal:
            pass


async def remind() -> int:
    return await reminders.remind_due()


async def for_ever(act: Callable[[], Awaitable[int]]) -> None:
    while True:
        await act()
        await reevaluation.reevaluate()
        await asyncio.sleep(0.01)


async def held_under(office: Office, api: Client, **rules: Any) -> tuple[Pool, list[UUID]]:
    pool = await office.pool(**rules)
    li, customers = await office.person(), await office.customers(pool, 30)
    wanted = [ids.encode("Customer", customer) for customer in customers]
    answers = (await api.data(li.member, CLAIM, ids=wanted))["claimCustomers"]
    assert answers == [{"__typename": "Claimed"}] * 30
    return pool, customers


async def change(office: Office, api: Client, pool: Pool, **rules: Any) -> None:
    variables = {"pool": ids.encode("Pool", pool.id), "rules": rules}
    answer = await api.data(office.founder, CHANGE, **variables)
    assert answer == {"updatePoolRules": {"__typename": "PoolSaved"}}


async def nobody_held(pool: Pool) -> bool:
    return not await Customer.filter(pool_id=pool.id, owner_id__not_isnull=True).exists()


async def check_nobody_was_released_early(pool: Pool) -> None:
    """Every release by rule was due, by a version of the rules and the facts of its holding."""
    versions = [each.rules for each in await PoolRules.filter(pool_id=pool.id)]
    by_rule = await Event.filter(
        pool_id=pool.id, action="RELEASED", release_reason__not="GIVEN_BACK"
    )
    assert len(by_rule) >= 60
    for event in by_rule:
        facts = await facts_at(event)
        planned = [deadlines.forecast(rules, facts, CALENDAR) for rules in versions]
        assert event.due_at in [forecast.at for forecast in planned if forecast]
        assert event.due_at is not None
        assert event.due_at <= event.at


async def facts_at(release: Event) -> Facts:
    holding = await Event.filter(
        customer_id=release.customer_id, epoch=release.epoch, seq__lt=release.seq
    ).order_by("seq")
    at: dict[str, datetime] = {event.action: event.at for event in holding}
    return Facts(claimed_at=at["CLAIMED"], followed_up_at=at.get("FOLLOWED_UP"))


async def check_reminders_came_once(pool: Pool) -> None:
    told = await Event.filter(pool_id=pool.id, action="REMINDED")
    assert told != []
    times = Counter(
        (event.customer_id, event.epoch, event.due_at, str(event.details)) for event in told
    )
    assert set(times.values()) == {1}
    for event in told:
        assert event.due_at is not None
        assert event.at < event.due_at
        if (offset := event.details["offset"]) != NEARER:
            assert CALENDAR.before(event.due_at, Span.parse(offset)) <= event.at
