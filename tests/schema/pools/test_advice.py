from datetime import timedelta
from decimal import Decimal
from math import floor

from models.holding import follow_ups
from models.ownership import claims
from models.pools.advice import advise_capacity
from models.rules.durations import Span
from tests.support.asking import ask, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, events, found, time_passes

ADVISE = """query ($pool: ID!, $cycle: Duration, $visits: Float) {
  adviseCapacity(poolId: $pool, conversionCycle: $cycle, visitsPerDay: $visits) {
    capacity conversionCycle visitsPerDay sample visits
  }
}"""


async def test_what_is_given_is_multiplied(api: Client, office: Office) -> None:
    pool = gid("Pool", (await office.pool()).id)
    told = await ask(api, await office.admin(), ADVISE, pool=pool, cycle="P30D", visits=2.5)
    assert told == {
        "capacity": 75,
        "conversionCycle": "P30D",
        "visitsPerDay": 2.5,
        "sample": 0,
        "visits": 0,
    }


async def test_what_is_left_out_is_measured(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    for id in ids:
        await follow_ups.log_follow_up(li, id, "VISIT", "拜访")
        await follow_ups.log_follow_up(li, id, "CALL", "电话")
    for id in ids:
        await time_passes("10 days")
        await follow_ups.record_deal(li, id, Decimal(1))
        await follow_ups.record_deal(li, id, Decimal(2))
    told = await ask(api, await office.admin(), ADVISE, pool=gid("Pool", pool.id))
    assert (told["visitsPerDay"], told["sample"], told["visits"]) == (3.0, 3, 3)
    assert told["conversionCycle"].startswith("PT480H")
    assert told["capacity"] == 60


async def test_visits_are_of_the_working_days_from_each_members_first_to_the_last(
    office: Office,
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    ids = await office.customers(pool, 2)
    await claims.claim(li, ids[:1])
    await claims.claim(han, ids[1:])
    await follow_ups.log_follow_up(li, ids[0], "VISIT", "拜访")
    await time_passes("13 days")
    for who, id in zip((li, han), ids, strict=True):
        await follow_ups.log_follow_up(who, id, "VISIT", "拜访")
    advice = await advise_capacity(await office.admin(), pool.id, Span.parse("P10D"), None)
    calendar = li.organization.calendar
    last = calendar.day_of((await events(ids[1], "FOLLOWED_UP"))[0].at)
    worked = sum(calendar.works_on(last - timedelta(days=n)) for n in range(14))
    assert (advice.visits, advice.visits_per_day) == (3, 3 / (worked + 1))
    assert advice.capacity == max(1, floor(30 / (worked + 1) + 0.5))


async def test_without_history_it_says_what_to_give(api: Client, office: Office) -> None:
    pool, admin = gid("Pool", (await office.pool()).id), await office.admin()
    told = await refused(api, admin, ADVISE, pool=pool)
    paths = [each["path"] for each in told["problems"]]
    assert (told["code"], paths) == ("InvalidInput", ["conversionCycle", "visitsPerDay"])
    told = await refused(api, admin, ADVISE, pool=pool, cycle="P1D")
    assert [each["path"] for each in told["problems"]] == ["visitsPerDay"]
    for cycle, visits in (("-PT1H", -1), ("PT0S", 0), ("PT0S", 1001)):
        told = await refused(api, admin, ADVISE, pool=pool, cycle=cycle, visits=visits)
        assert [each["path"] for each in told["problems"]] == paths
    for span, rate, capacity in (("PT1S", 1000.0, 1), ("P10D", 0.25, 3)):
        told = await ask(api, admin, ADVISE, pool=pool, cycle=span, visits=rate)
        assert told["capacity"] == capacity


async def test_only_who_runs_the_pool_is_advised(api: Client, office: Office) -> None:
    pool, li = gid("Pool", (await office.pool()).id), await office.person()
    outsider = await (await found("别家")).admin()
    assert (await refused(api, li, ADVISE, pool=pool))["code"] == "Forbidden"
    assert (await refused(api, outsider, ADVISE, pool=pool))["code"] == "NotFound"
