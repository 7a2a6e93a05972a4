"""Everything at once on twenty connections; afterwards every promise still holds."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.customers.moves import move_customers
from models.customers.update import update_customer
from models.distribution.rounds import Rounds
from models.holding import follow_ups, reevaluation, reminders
from models.holding.absences import settle_absences
from models.ledger import feed, replay
from models.organizations import leaving
from models.organizations.absences import cancel_absence, set_absence
from models.ownership import claims, hand_over, releases, transfers
from models.ownership.drain import Drain
from models.ownership.leavers import release_leavers
from models.pools import pools
from models.refusals import Refusal
from models.rules.rules import Rules
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.keyed import keyed
from tests.support.samples import Office, deadlocks

AT_ONCE = 20
CAPACITY = 5
DAILY = 40
RULES: dict[str, Any] = {
    "capacity": CAPACITY,
    "daily_claim_limit": DAILY,
    "follow_up_within": "P3D",
    "max_hold": "PT2S",
    "reminders": ["PT1S"],
    "levels": [{"level": "B", "max_hold": "P20D"}],
}
OVERLAPS = """
SELECT customer_id, epoch, count(*) FROM event
WHERE action IN ('CLAIMED', 'ASSIGNED', 'TRANSFERRED') GROUP BY 1, 2 HAVING count(*) > 1
"""
CLAIMS = """
SELECT max(n) AS most FROM (
  SELECT count(*) AS n FROM event WHERE action = 'CLAIMED'
  GROUP BY pool_id, member_id, (at AT TIME ZONE 'Asia/Shanghai')::date) AS claims
"""
FULLEST = """
SELECT max(held - CASE WHEN $2 THEN 0 ELSE won END) AS most FROM seat WHERE pool_id = $1
"""
EARLY = """
SELECT count(*) AS n FROM event WHERE action = 'RELEASED' AND actor_id IS NULL
  AND release_reason <> 'MEMBER_LEFT' AND at < due_at
"""


class Company:
    """People who do everything that they may, at random, all at once."""

    def __init__(self, seed: int, **rules: Any) -> None:
        self.chance = random.Random(seed)
        self.rules = RULES | rules
        self.tally: Counter[str] = Counter()
        self.people: list[Viewer] = []
        self.pools: list[Pool] = []
        self.ids: list[UUID] = []

    async def hire(self, office: Office) -> None:
        others = self.rules | {"won_count": False}
        self.pools = [await office.pool(**self.rules), await office.pool(**others)]
        self.people = [await office.person() for _ in range(8)]
        self.admin = await office.admin()
        self.deadlocks = await deadlocks()
        for pool in self.pools:
            self.ids += await office.customers(pool, 40)

    async def acts(self, how_many: int) -> None:
        free = asyncio.Semaphore(AT_ONCE)

        async def act(number: int) -> None:
            async with free:
                await self.act(number)

        await asyncio.gather(*map(act, range(how_many)))

    async def act(self, number: int) -> None:
        verb = self.chance.choices(self.verbs(), weights=[40, 15, 15, 10, 8, 15, 3, 5, 2, 3, 2])[0]
        key = f"k{number}" if self.chance.random() < 0.3 else None
        try:
            answer = await verb(key)
            answers = answer if isinstance(answer, list) else [answer]
            self.tally.update(type(each).__name__ for each in answers)
        except Refusal as refused:
            self.tally[type(refused).__name__] += 1

    def verbs(self) -> list[Callable[[str | None], Awaitable[object]]]:
        who, other = self.chance.choice(self.people), self.chance.choice(self.people)
        id, some = self.chance.choice(self.ids), self.chance.sample(self.ids, 20)
        pool, admin = self.chance.choice(self.pools), self.admin
        back = self.chance.choice([None, None, pool.id])
        boss = self.chance.choice([who, admin])
        level = self.chance.choice("AB")
        rules = self.rules | {"max_hold": self.chance.choice(["PT2S", "PT3S", "P9D"])}
        return [
            lambda key: keyed(who, key, claims.claim, [id]),
            lambda key: keyed(who, key, claims.claim, some),
            lambda key: keyed(boss, key, releases.give_back, id, "不合适", back),
            lambda key: keyed(admin, key, transfers.transfer, id, other.id),
            lambda key: keyed(who, key, follow_ups.record_deal, id, Decimal(1)),
            lambda key: keyed(who, key, follow_ups.log_follow_up, id, "CALL", "在"),
            lambda key: pools.change_rules(admin, pool.id, Rules.from_json(rules)),
            lambda key: keyed(admin, key, claims.assign, id, other.id),
            lambda key: move_customers(admin, some[:3], pool.id),
            lambda key: update_customer(boss, id, {"level": level}),
            lambda key: self.drain(),
        ]

    async def drain(self) -> None:
        await asyncio.gather(Drain()(), reminders.remind_due(), reevaluation.reevaluate())


@pytest.mark.parametrize("seed", [1, 2])
async def test_everything_at_once_breaks_nothing(office: Office, seed: int) -> None:
    company = Company(seed)
    await company.hire(office)
    await company.acts(1000)
    await reevaluation.reevaluate()
    print(company.tally)
    for met in ("Claimed", "Released", "Held", "AlreadyHeld", "CapacityReached", "NotHolder"):
        assert company.tally[met] > 0
    await nothing_is_broken(company)


async def test_members_who_leave_amid_it_all_hold_nobody_in_the_end(office: Office) -> None:
    company = Company(3)
    await company.hire(office)
    leavers = company.people[:3]

    async def leave(who: Viewer) -> None:
        await asyncio.sleep(company.chance.random() / 2)
        await leaving.deactivate(company.admin, who.id, company.pools[1].id)

    await asyncio.gather(company.acts(600), *map(leave, leavers))
    await release_leavers()
    await reevaluation.reevaluate()
    for who in leavers:
        assert await Customer.filter(owner_id=who.id).count() == 0
    await nothing_is_broken(company)


async def test_hand_overs_turns_and_absences_amid_it_all_break_nothing(office: Office) -> None:
    company = Company(4, distribution={"strategy": "IN_TURN"}, absence_stops_clock=True)
    await company.hire(office)
    handed = Counter[str]()

    async def hand_over_some() -> None:
        for number in range(20):
            giver, *takers = company.chance.sample(company.people, 3)
            given = (giver.id, [each.id for each in takers], None, "休假")
            key = company.chance.choice([None, f"hand over {number}"])
            done = await keyed(company.admin, key, hand_over.hand_over, *given)
            handed.update(received=sum(n for _, n in done.received), released=done.released_count)

    async def be_absent() -> None:
        for who in company.people[:4]:
            today = who.organization.calendar.day_of(who.asked_at)
            await set_absence(who, who.id, today, today)
            await asyncio.sleep(0)
            await cancel_absence(who, who.id, today)

    async def deal() -> None:
        for _ in range(20):
            await Rounds()()

    await asyncio.gather(company.acts(600), hand_over_some(), be_absent(), deal(), deal())
    await reevaluation.reevaluate()
    await settle_absences(seconds=0)
    assert min(handed["received"], handed["released"]) > 0
    await nothing_is_broken(company)


async def nothing_is_broken(company: Company) -> None:
    assert await replay.differences() == []
    assert await deadlocks() == company.deadlocks
    assert await database.rows(OVERLAPS) == []
    assert (await database.rows(CLAIMS))[0]["most"] <= DAILY
    assert (await database.rows(EARLY))[0]["n"] == 0
    for pool, won_counts in zip(company.pools, (True, False), strict=True):
        assert (await database.rows(FULLEST, pool.id, won_counts))[0]["most"] <= CAPACITY
    await the_feed_tells_each_customers_life_in_order()


async def the_feed_tells_each_customers_life_in_order() -> None:
    owners: dict[UUID, UUID | None] = {}
    for event in await feed.after(feed.START, 100_000):
        if event.customer_id is None:
            continue
        owner = owners.get(event.customer_id)
        if event.action in ("CLAIMED", "ASSIGNED"):
            assert owner is None
        elif event.action in ("TRANSFERRED", "RELEASED"):
            assert owner == event.former_id
        else:
            continue
        owners[event.customer_id] = None if event.action == "RELEASED" else event.member_id
    for customer in await Customer.all():
        assert owners.get(customer.id) == customer.owner_id
