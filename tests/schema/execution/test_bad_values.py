"""A value that its scalar can't read, wherever it is written: named by its path, in the reader's
words, and nothing is done."""

from typing import Any
from uuid import UUID

import pytest

from models.ownership import claims
from models.tables import Pool
from models.viewers import Viewer
from tests.support.asking import ask, customer_gid, gid, said
from tests.support.running import Client
from tests.support.samples import Office, events, row, story
from tests.support.sockets import ALERTS, let_in

CREATE = """mutation ($rules: RulesInput!) {
  createPool(name: "华北", rules: $rules) { __typename } }"""
CREATE_BY_PARTS = """mutation ($hold: Duration, $last: Duration!) {
  createPool(name: "华北", rules: {maxHold: $hold, reminders: ["P1D", $last]}) { __typename } }"""
CREATE_WITH = 'mutation {{ createPool(name: "华北", rules: {}) {{ __typename }} }}'
REPORT = """query ($pool: ID!, $start: DateTime!, $end: DateTime!) {
  poolReport(poolId: $pool, from: $start, to: $end) { claims } }"""
DEAL = """mutation ($id: ID!, $amount: Decimal!) {
  recordDeal(customerId: $id, amount: $amount) { __typename } }"""
DEAL_OF = 'mutation {{ recordDeal(customerId: "{}", amount: {}) {{ __typename }} }}'
DAYS = """mutation ($off: [Date!]!) {
  setCalendar(year: 2031, holidays: $off, workingWeekends: []) { __typename } }"""
MEMBERS = """query ($place: Cursor) { ...Found }
fragment Found on Query { members(after: $place) { nodes { id } } }"""
TWO = """query Members($place: Cursor) { members(after: $place) { nodes { id } } }
mutation Read($place: Cursor!) { readAlerts(upTo: $place) { id } }"""

DURATION = "must be an ISO 8601 duration of weeks, days, hours, minutes, seconds, e.g. P7D or PT36H"
LENGTH = "must be an ISO 8601 duration in a string, e.g. P7D"
INSTANT = "must be an ISO 8601 instant with its offset, e.g. 2026-11-23T08:00:00.000000Z"
AMOUNT = "must be a decimal number, e.g. 1280.50"
DAY = "must be a day in a string, e.g. 2026-10-01"
CURSOR = "must be a cursor that the server gave, unchanged"


async def refused(api: Client, who: Viewer, document: str, **given: Any) -> list[tuple[str, str]]:
    """Path and message of every problem; no other errors, and no data."""
    answer = await api.graphql(who.member, document, **given)
    assert answer["data"] is None
    return [problem_of(error) for error in answer["errors"]]


def problem_of(error: dict[str, Any]) -> tuple[str, str]:
    assert error["extensions"]["code"] == "InvalidInput"
    (problem,) = error["extensions"]["problems"]
    assert error["message"] == f"{problem['path']}: {problem['message']}"
    assert error["locations"]
    assert "path" not in error
    return problem["path"], problem["message"]


async def test_every_bad_value_of_a_variable_is_named_by_its_path(
    api: Client, office: Office
) -> None:
    rules = {
        "maxHold": "20 days",
        "followUpWithin": 7,
        "reminders": ["P1D", "soon", "P3D", "P99999D"],
        "levels": [{"level": "A"}, {"level": "B", "dealWithin": "P1M"}],
    }
    assert sorted(await refused(api, await office.admin(), CREATE, rules=rules)) == [
        ("rules.followUpWithin", LENGTH),
        ("rules.levels.1.dealWithin", DURATION),
        ("rules.maxHold", DURATION),
        ("rules.reminders.1", DURATION),
        ("rules.reminders.3", "must be no longer than P36500D"),
    ]
    assert await Pool.all().count() == 0


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ('{maxHold: "20 days"}', "rules.maxHold"),
        ('{reminders: ["P1D", "soon"]}', "rules.reminders.1"),
        ('{reminders: "soon"}', "rules.reminders"),
        ('{levels: [{level: "A"}, {level: "B", maxHold: "P1M"}]}', "rules.levels.1.maxHold"),
    ],
)
async def test_a_bad_value_in_the_document_is_named_by_its_path(
    api: Client, office: Office, rules: str, path: str
) -> None:
    admin = await office.admin()
    for _ in range(2):
        assert await refused(api, admin, CREATE_WITH.format(rules)) == [(path, DURATION)]
    default = CREATE.replace("RulesInput!", f"RulesInput! = {rules}")
    assert await refused(api, admin, default) == [(path, DURATION)]
    assert await Pool.all().count() == 0


async def test_the_path_is_the_arguments_whatever_the_variable_is_called(
    api: Client, office: Office
) -> None:
    admin, pool = await office.admin(), await office.pool()
    given = {"pool": gid("Pool", pool.id), "start": "yesterday", "end": "2026-11-23T08:00:00"}
    assert await refused(api, admin, REPORT, **given) == [("from", INSTANT), ("to", INSTANT)]
    assert await refused(api, admin, CREATE_BY_PARTS, hold="x", last="y") == [
        ("rules.maxHold", DURATION),
        ("rules.reminders.1", DURATION),
    ]
    assert await refused(api, admin, MEMBERS, place=5) == [("after", CURSOR)]


async def test_of_two_operations_the_one_that_is_asked_names_the_path(
    api: Client, office: Office
) -> None:
    headers = {"Authorization": f"Bearer {api.token((await office.admin()).member)}"}
    for name, path in (("Members", "after"), ("Read", "upTo")):
        body = {"query": TWO, "operationName": name, "variables": {"place": 5}}
        answer = (await api.http.post(api.graphql_url, json=body, headers=headers)).json()
        assert [problem_of(error) for error in answer["errors"]] == [(path, CURSOR)]


@pytest.mark.parametrize(
    "instant", ["", "2026-11-23", 1795420800, ["2026-11-23T08:00Z"], "0001-01-01T00:00:00+14:00"]
)
async def test_what_is_no_instant_is_refused(api: Client, office: Office, instant: Any) -> None:
    given = {"pool": "1", "start": instant, "end": "2026-11-23T08:00:00Z"}
    assert await refused(api, await office.admin(), REPORT, **given) == [("from", INSTANT)]


@pytest.mark.parametrize("day", ["", "2031-02-30", 20311001, "2031-10-01T00:00:00Z"])
async def test_what_is_no_day_is_refused(api: Client, office: Office, day: Any) -> None:
    given = {"off": ["2031-10-01", day]}
    assert await refused(api, await office.admin(), DAYS, **given) == [("holidays.1", DAY)]


@pytest.mark.parametrize("amount", ["viel", "", True, [1], {"a": 1}])
async def test_what_is_no_amount_is_refused(api: Client, office: Office, amount: Any) -> None:
    li, id = await holder(office)
    given = {"id": customer_gid(id), "amount": amount}
    assert await refused(api, li, DEAL, **given) == [("amount", AMOUNT)]
    assert (await row(id)).won_at is None
    assert await story(id) == ["CREATED", "CLAIMED"]


@pytest.mark.parametrize("amount", ['"viel"', "true", "[1]", "{a: 1}", "viel"])
async def test_what_is_no_amount_is_refused_in_the_document_too(
    api: Client, office: Office, amount: str
) -> None:
    li, id = await holder(office)
    document = DEAL_OF.format(customer_gid(id), amount)
    assert await refused(api, li, document) == [("amount", AMOUNT)]
    assert await story(id) == ["CREATED", "CLAIMED"]


@pytest.mark.parametrize(
    ("amount", "kept"),
    [("1280", "1280"), ("1280.50", "1280.50"), ('"1280.50"', "1280.50"), ("9" * 5000, None)],
)
async def test_an_amount_in_the_document_is_taken_as_it_is_written(
    api: Client, office: Office, amount: str, kept: str | None
) -> None:
    li, id = await holder(office)
    answer = await ask(api, li, DEAL_OF.format(customer_gid(id), amount))
    assert answer["__typename"] == ("Held" if kept else "InvalidInput")
    assert [each.details["amount"] for each in await events(id, "WON")] == ([kept] if kept else [])


async def holder(office: Office) -> tuple[Viewer, UUID]:
    pool = await office.pool()
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    return li, id


async def test_it_is_told_in_the_readers_language(api: Client, office: Office) -> None:
    admin = await office.admin()
    words = "必须是由周、天、时、分、秒组成的 ISO 8601 时长，例如 P7D 或 PT36H"
    in_document = CREATE_WITH.format('{reminders: ["soon"]}')
    for document, given in (
        (CREATE, {"rules": {"reminders": ["soon"]}}),
        (in_document, {}),
    ):
        answer = await said(api, admin, "zh-CN", document, **given)
        (error,) = answer["errors"]
        assert error["message"] == f"rules.reminders.0：{words}"
        problem = {"path": "rules.reminders.0", "message": words}
        assert error["extensions"] == {"code": "InvalidInput", "problems": [problem]}
    assert await refused(api, admin, in_document) == [("rules.reminders.0", DURATION)]


async def test_other_faults_beside_it_keep_their_words(api: Client, office: Office) -> None:
    rules = {"reminders": ["soon", None, "late"], "capacity": 1.5}
    answer = await api.graphql((await office.admin()).member, CREATE, rules=rules)
    told = {
        error["message"]: error["extensions"].get("problems", error["extensions"])
        for error in answer["errors"]
    }
    bad = {"code": "BAD_REQUEST"}
    at = "Variable '$rules' has invalid value at"
    assert told == {
        f"{at} .capacity: Int cannot represent non-integer value: 1.5": bad,
        f"rules.reminders.0: {DURATION}": [{"path": "rules.reminders.0", "message": DURATION}],
        f"{at} .reminders[1]: Expected value of non-null type 'Duration!' not to be None.": bad,
        f"rules.reminders.2: {DURATION}": [{"path": "rules.reminders.2", "message": DURATION}],
    }


async def test_of_very_many_bad_values_the_first_are_told(api: Client, office: Office) -> None:
    rules = {"reminders": ["soon"] * 5000}
    answer = await api.graphql((await office.admin()).member, CREATE, rules=rules)
    *told, last = answer["errors"]
    assert [problem_of(error)[0] for error in told] == [
        f"rules.reminders.{n}" for n in range(len(told))
    ]
    assert last["extensions"] == {"code": "BAD_REQUEST"}
    assert last["message"].startswith("Too many errors")


async def test_a_subscription_is_told_the_same(api: Client, office: Office) -> None:
    li = await office.person()
    async with let_in(api, li.member) as socket:
        await socket.ask(ALERTS, after=5)
        assert problem_of(await socket.error()) == ("after", CURSOR)
        await socket.ask("subscription { releaseAlerts(after: 5.5) { cursor } }")
        problem = {"path": "after", "message": CURSOR}
        told = {"code": "InvalidInput", "problems": [problem]}
        assert (await socket.error())["extensions"] == told
