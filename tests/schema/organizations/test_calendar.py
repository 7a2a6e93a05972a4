"""The organization's calendar through HTTP, and the deadlines that rest on it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.holding import reevaluation
from models.ledger import replay
from models.organizations import calendar
from models.ownership import claims
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from schema.base import ids
from tests.support.running import Client
from tests.support.samples import Office, done, found, row, someone_waits, under_way, until

YEAR = """query ($year: Int!) { organization { calendar(year: $year) {
  year holidays workingWeekends ownHolidays ownWorkingWeekends published } } }"""
SET = """mutation ($year: Int!, $holidays: [Date!]!, $workingWeekends: [Date!]!) {
  setCalendar(year: $year, holidays: $holidays, workingWeekends: $workingWeekends) {
    __typename
    ... on CalendarSaved { calendar { holidays workingWeekends ownHolidays published } }
    ... on InvalidInput { problems { path message } } } }"""
FORECAST = """query ($id: ID!) { customer(id: $id) { holding { release {
  at provisional conditions { reason at } } } } }"""


async def year_of(api: Client, who: Viewer, year: int) -> dict[str, Any]:
    answer = await api.graphql(who.member, YEAR, year=year)
    calendar: dict[str, Any] = answer["data"]["organization"]["calendar"]
    return calendar


async def put(api: Client, who: Viewer, **days: Any) -> dict[str, Any]:
    answer = await api.graphql(who.member, SET, **days)
    saved: dict[str, Any] = answer["data"]["setCalendar"]
    return saved


async def forecast(api: Client, who: Viewer, customer: Any) -> dict[str, Any]:
    id = ids.encode("Customer", customer)
    answer = await api.graphql(who.member, FORECAST, id=id)
    release: dict[str, Any] = answer["data"]["customer"]["holding"]["release"]
    return release


async def test_china_s_days_are_known_where_they_are_published(api: Client, office: Office) -> None:
    calendar = await year_of(api, await office.admin(), 2026)
    assert calendar["published"] is True
    assert "2026-10-01" in calendar["holidays"]
    assert "2026-10-10" in calendar["workingWeekends"]
    assert calendar["ownHolidays"] == calendar["ownWorkingWeekends"] == []


async def test_a_year_not_yet_published_has_only_its_own_days(api: Client, office: Office) -> None:
    admin = await office.admin()
    assert (await year_of(api, admin, 2031))["published"] is False
    saved = await put(api, admin, year=2031, holidays=["2031-10-01"], workingWeekends=[])
    assert saved["calendar"]["holidays"] == ["2031-10-01"]
    assert saved["calendar"]["published"] is False


async def test_an_organization_elsewhere_has_weekends_and_its_own_days(
    api: Client, database: None
) -> None:
    office = await found("Acme", "America/New_York")
    calendar = await year_of(api, await office.admin(), 2026)
    assert (calendar["holidays"], calendar["published"]) == ([], True)


async def test_own_days_lie_over_the_public_ones(api: Client, office: Office) -> None:
    admin = await office.admin()
    await put(
        api, admin, year=2026, holidays=["2026-10-10"], workingWeekends=["2026-10-01", "2026-10-17"]
    )
    calendar = await year_of(api, admin, 2026)
    assert "2026-10-01" not in calendar["holidays"]
    assert "2026-10-10" in calendar["holidays"]
    assert "2026-10-10" not in calendar["workingWeekends"]
    assert {"2026-10-01", "2026-10-17"} <= set(calendar["workingWeekends"])


async def test_the_same_days_may_be_put_again(api: Client, office: Office) -> None:
    admin, days = await office.admin(), {"holidays": [], "workingWeekends": ["2026-10-01"]}
    for _ in range(2):
        assert (await put(api, admin, year=2026, **days))["__typename"] == "CalendarSaved"
    # An own holiday is not a public one, that work could be put over.
    await put(api, admin, year=2026, holidays=["2026-07-06"], workingWeekends=[])
    refused = await put(api, admin, year=2026, holidays=[], workingWeekends=["2026-07-06"])
    assert [each["path"] for each in refused["problems"]] == ["workingWeekends.0"]


@pytest.mark.parametrize(
    ("days", "path"),
    [
        ({"year": 1999, "holidays": [], "workingWeekends": []}, "year"),
        ({"year": 2026, "holidays": ["2027-01-01"], "workingWeekends": []}, "holidays.0"),
        ({"year": 2026, "holidays": [], "workingWeekends": ["2026-11-24"]}, "workingWeekends.0"),
        (
            {"year": 2026, "holidays": ["2026-11-28"], "workingWeekends": ["2026-11-28"]},
            "workingWeekends.0",
        ),
    ],
)
async def test_wrong_days_are_named_and_change_nothing(
    api: Client, office: Office, days: dict[str, Any], path: str
) -> None:
    admin = await office.admin()
    refused = await put(api, admin, **days)
    assert refused["__typename"] == "InvalidInput"
    assert [each["path"] for each in refused["problems"]] == [path]
    assert (await year_of(api, admin, 2026))["ownHolidays"] == []


async def test_only_admins_set_the_calendar(api: Client, office: Office) -> None:
    manager = await office.person(role="MANAGER")
    answer = await put(api, manager, year=2026, holidays=[], workingWeekends=[])
    assert answer["__typename"] == "Forbidden"


async def test_a_new_holiday_moves_whoever_is_held_by_working_days(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P400D", working_days=True)
    plain = await office.pool(max_hold="P400D")
    li, admin = await office.person(), await office.admin()
    counted, other = await office.customer(pool), await office.customer(plain)
    for each in await claims.claim(li, [counted, other]):
        done(each)
    before, untouched = await forecast(api, li, counted), await forecast(api, li, other)
    assert before["provisional"] is True
    assert untouched["provisional"] is False
    year = datetime.now(UTC).year + 1
    monday = next(day for day in range(1, 8) if datetime(year, 3, day, tzinfo=UTC).weekday() == 0)
    await put(api, admin, year=year, holidays=[f"{year}-03-0{monday}"], workingWeekends=[])
    after = await forecast(api, li, counted)
    assert datetime.fromisoformat(after["at"]) > datetime.fromisoformat(before["at"])
    assert (await row(counted)).rules_version == (await Pool.get(id=pool.id)).rules_version == 2
    assert await forecast(api, li, other) == untouched
    assert (await row(other)).rules_version == 1
    assert await replay.differences() == []


async def test_rules_that_come_to_count_working_days_meanwhile_have_the_new_days(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(max_hold="P10D"), await office.admin()
    await claims.claim(await office.person(), [await office.customer(pool)])
    admin = await office.admin()
    working = Rules.from_json({"max_hold": "P10D", "working_days": True})
    soon = datetime.now(UTC) + timedelta(days=5)
    days: dict[str, Any] = {"year": soon.year, "holidays": [f"{soon:%Y-%m-%d}"]}
    async with under_way(lambda: pools.change_rules(admin, pool.id, working)):
        setting = asyncio.create_task(put(api, admin, workingWeekends=[], **days))
        await until(someone_waits)
    await setting
    assert (await Pool.get(id=pool.id)).rules_version == 3
    assert await replay.differences() == []


async def test_of_many_pools_the_worker_does_what_is_too_much_for_one_request(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "AT_ONCE", 1)
    for _ in range(2):
        pool, li = await office.pool(max_hold="P9D", working_days=True), await office.person()
        await claims.claim(li, [await office.customer(pool)])
    await put(api, await office.admin(), year=2026, holidays=[], workingWeekends=[])
    assert await reevaluation.reevaluate() == 1
    assert await replay.differences() == []
