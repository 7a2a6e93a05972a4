from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from phonenumbers import is_valid_number, parse

from models import database, demo, viewers
from models.demo import stories
from models.demo.customer_rows import customer_row
from models.demo.lives import Life
from models.demo.organizations import EAST, ORGANIZATIONS, SOUTH, id_of
from models.ledger import replay
from models.ledger.outcomes import Claimed
from models.ownership import claims
from models.refusals import CapacityReached, CoolingDown
from models.rules.calendars import Calendar
from models.rules.problems import problems_of
from models.viewers import Viewer
from tests.support.claimable import claimable

CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"))
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TAKES = ("CLAIMED", "ASSIGNED", "TRANSFERRED")


def told(now: datetime) -> list[Life]:
    return stories.tell(Random(demo.SEED), CALENDAR, now)


def events_of(now: datetime) -> list[dict[str, Any]]:
    events = [event for life in told(now) for event in life.events]
    return sorted(events, key=lambda event: event["at"])


async def viewer_of(email: str) -> Viewer:
    organization = ORGANIZATIONS[1 if email.endswith("@other.test") else 0]
    found = await viewers.viewer(organization.id, id_of("member", email))
    assert found
    return found


async def count(sql: str) -> Any:
    return next(iter((await database.rows(sql))[0].values()))


async def test_the_ledger_of_the_demo_replayed_equals_its_tables(database: None) -> None:
    assert await demo.seed()
    assert await replay.differences() == []


async def test_the_demo_has_300_customers_about_half_of_them_held(database: None) -> None:
    await demo.seed()
    rows = await rows_of("SELECT owner_id FROM customer WHERE organization_id = $1", 0)
    assert len(rows) == 300
    assert 130 <= sum(row["owner_id"] is not None for row in rows) <= 170


async def test_a_second_seeding_changes_nothing(database: None) -> None:
    lines: list[str] = []
    await demo.seed(lines.append)
    before = await count("SELECT count(*) FROM event")
    assert await demo.seed(lines.append) is None
    assert await count("SELECT count(*) FROM event") == before
    assert len(lines) == 2


async def test_a_seeding_cut_short_leaves_nothing(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(now: datetime) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(demo, "_arm", cut)
        with pytest.raises(ConnectionError):
            await demo.seed()
    assert await count("SELECT count(*) FROM organization") == 0
    assert await demo.seed()


async def test_everybody_can_be_asked_as(database: None) -> None:
    await demo.seed()
    roles = [(await viewer_of(email)).member.role for email in demo.PEOPLE]
    assert roles == ["ADMIN", "MANAGER", *["SALES"] * 6, "ADMIN"]


async def test_pools_are_open_by_department_and_two_members_have_both(database: None) -> None:
    await demo.seed()
    open_to = {
        email: {pool.name for pool in (EAST, SOUTH) if (await viewer_of(email)).sees_pool(pool.id)}
        for email in demo.PEOPLE[1:8]
    }
    east, south = {EAST.name}, {SOUTH.name}
    assert list(open_to.values()) == [
        east | south,
        *(east, east, east | south, east | south, south, south),
    ]
    manager = await viewer_of("manager@demo.test")
    assert manager.administered == {EAST.id, SOUTH.id}


async def test_sales1_may_claim_may_not_claim_back_and_sales6_is_full(database: None) -> None:
    await demo.seed()
    answers = await claimable_by("sales1@demo.test", EAST.id)
    assert Counter(type(each).__name__ for each in answers)["Claimable"] > 20
    assert any(isinstance(each, CoolingDown) for each in answers)
    assert set(await claimable_by("sales6@demo.test", SOUTH.id)) == {CapacityReached(10, 10)}


async def test_a_customer_that_documentation_names_can_be_claimed(database: None) -> None:
    await demo.seed()
    sales1 = await viewer_of("sales1@demo.test")
    rows = await rows_of(
        "SELECT c.id FROM customer c WHERE c.organization_id = $1 AND c.owner_id IS NULL"
        " AND c.epoch = 0 AND c.pool_id = $2 LIMIT 1",
        0,
        EAST.id,
    )
    assert isinstance((await claims.claim(sales1, [rows[0]["id"]]))[0], Claimed)


async def test_the_other_organization_holds_the_same_company_and_sees_nobody_else(
    database: None,
) -> None:
    await demo.seed()
    shared = await count(
        "SELECT count(*) FROM customer a JOIN customer b ON a.phone_key = b.phone_key"
        " AND a.name = b.name AND a.organization_id < b.organization_id"
    )
    assert shared == 1
    other = await viewer_of("admin@other.test")
    assert not other.open_pools & {EAST.id, SOUTH.id}


@pytest.mark.parametrize("hour", range(24))
def test_a_demo_of_any_hour_keeps_every_rule(hour: int) -> None:
    now = NOON + timedelta(days=hour % 7, hours=hour, minutes=hour * 7)
    events = events_of(now)
    check_claims(events)
    assert all(event["at"] <= now for event in events)


@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_each_member_of_a_region_has_releases_in_minutes_hours_and_days(hour: int) -> None:
    now = NOON + timedelta(hours=hour)
    left = defaultdict(list)
    for life in told(now):
        if life.clock.release_at:
            left[life.owner_id, life.pool.id].append(life.clock.release_at - now)
    for number in (1, 2, 3):
        mine = left[id_of("member", f"sales{number}@demo.test"), EAST.id]
        assert sum(each < timedelta(hours=1) for each in mine) == 2
        assert sum(each < timedelta(days=1) for each in mine) >= 4
        assert sum(each < timedelta(days=7) for each in mine) >= 8


def test_the_same_moment_makes_the_same_demo() -> None:
    assert [customer_row(life) for life in told(NOON)] == [
        customer_row(life) for life in told(NOON)
    ]


def test_every_kind_of_release_and_of_work_is_in_the_past() -> None:
    events = events_of(NOON)
    assert {event["release_reason"] for event in events if event["action"] == "RELEASED"} == {
        "NOT_FOLLOWED_UP",
        "NO_DEAL",
        "MAX_HOLD",
        "GIVEN_BACK",
    }
    actions = Counter(event["action"] for event in events)
    assert set(actions) - {*TAKES} == {
        *("CREATED", "FOLLOWED_UP", "WON", "MOVED", "REMINDED", "RELEASED")
    }
    assert actions["FOLLOWED_UP"] > 500


def test_rules_of_the_demo_have_no_problems() -> None:
    assert [problems_of(pool.rules) for each in ORGANIZATIONS for pool in each.pools] == [[]] * 3


def test_phones_are_valid_and_unique() -> None:
    phones = [life.company.phone for life in told(NOON)[:300]]
    assert len(set(phones)) == 300
    assert all(is_valid_number(parse(phone, "CN")) for phone in phones)


def test_names_are_chinese_and_unique() -> None:
    names = [life.company.name for life in told(NOON)[:300]]
    assert len(set(names)) == 300
    assert not any(name.isascii() for name in names)


async def rows_of(sql: str, organization: int, *values: Any) -> list[dict[str, Any]]:
    return await database.rows(sql, ORGANIZATIONS[organization].id, *values)


async def claimable_by(email: str, pool_id: Any) -> list[Any]:
    rows = await rows_of(
        "SELECT id FROM customer WHERE organization_id = $1 AND pool_id = $2 AND owner_id IS NULL",
        0,
        pool_id,
    )
    found = await claimable(await viewer_of(email), [row["id"] for row in rows])
    return list(found.values())


def check_claims(events: list[dict[str, Any]]) -> None:
    """Nobody ever held more than they might, claimed too often a day, or claimed back too soon."""
    rules = {pool.id: pool.rules for each in ORGANIZATIONS for pool in each.pools}
    held, lost = Counter[Any](), dict[Any, datetime]()
    days, won = Counter[Any](), set[Any]()
    for event in events:
        customer, pool, at = event["customer_id"], event["pool_id"], event["at"]
        member: Any = event.get("member_id")
        rule = rules[pool]
        if former := event.get("former_id"):
            held[pool, former] -= customer not in won or rule.won_count
            lost[customer, former] = at
        if event["action"] in TAKES:
            held[pool, member] += 1
            capacity = rule.capacity_for(member, ())
            assert capacity is None or held[pool, member] <= capacity
        if event["action"] == "WON" and not rule.won_count:
            held[pool, member] -= 1
            won.add(customer)
        if event["action"] == "CLAIMED":
            day = (pool, member, CALENDAR.day_of(at))
            days[day] += 1
            assert rule.daily_claim_limit is None or days[day] <= rule.daily_claim_limit
            before = lost.get((customer, member))
            if before and rule.reclaim_cooldown:
                assert CALENDAR.after(before, rule.reclaim_cooldown) <= at
