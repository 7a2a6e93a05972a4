"""A hand-over through HTTP: who got what, what fitted nowhere, and the same again for one key."""

from typing import Any

from models.ownership import claims
from models.tables import Event
from models.viewers import Viewer
from tests.schema.test_statement_counts import Statements, statements
from tests.support.asking import Answer, ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office

__all__ = ["statements"]

HAND_OVER = """mutation ($li: ID!, $to: [ID!]!, $customers: [ID!], $key: String) {
  handOver(fromMemberId: $li, toMemberIds: $to, customerIds: $customers, reason: "李雷休假",
    idempotencyKey: $key) { __typename
    ... on HandedOver { member { name } received { member { name } count }
      released { id owner { name } } releasedCount remaining }
    ... on InvalidInput { problems { path message } } } }"""
LEAVE = """mutation ($member: ID!, $to: [ID!]) {
  deactivateMember(memberId: $member, handOverTo: $to) { __typename
    ... on Deactivated { released handedOver
      customers { totalCount nodes { id owner { name } } } }
    ... on InvalidInput { problems { path message } } } }"""


async def hand(api: Client, who: Viewer, li: Viewer, *to: Viewer, **given: Any) -> Answer:
    receivers = [gid("Member", each.id) for each in to]
    answer: Answer = await ask(api, who, HAND_OVER, li=gid("Member", li.id), to=receivers, **given)
    return answer


async def test_the_answer_names_who_got_how_many_and_what_fitted_nowhere(
    api: Client, office: Office
) -> None:
    pool = await office.pool(capacity=2)
    li, han = await office.person("李雷"), await office.person("韩梅梅")
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids[:2])
    await claims.claim(han, ids[2:])
    answer = await hand(api, await office.admin(), li, han, key="k1")
    assert answer["member"] == {"name": "李雷"}
    assert answer["received"] == [{"member": {"name": "韩梅梅"}, "count": 1}]
    assert [each["owner"] for each in answer["released"]] == [None]
    assert (answer["releasedCount"], answer["remaining"]) == (1, 0)
    assert await hand(api, await office.admin(), li, han, key="k1") == answer
    assert await Event.filter(action="TRANSFERRED").count() == 1


async def test_a_bad_list_is_named_by_its_path(api: Client, office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    answer = await hand(api, admin, li, *[admin] * 101)
    problem = {"path": "toMemberIds", "message": "must be no more than 100"}
    assert answer == {"__typename": "InvalidInput", "problems": [problem]}
    given = {"member": gid("Member", li.id), "to": []}
    problem = {"path": "handOverTo", "message": "name at least one member"}
    wrong = {"__typename": "InvalidInput", "problems": [problem]}
    assert await ask(api, admin, LEAVE, **given) == wrong


async def test_a_leavers_customers_are_named_with_who_has_them(api: Client, office: Office) -> None:
    pool = await office.pool(capacity=1)
    wide = await office.pool()
    li, han = await office.person("李雷"), await office.person("韩梅梅")
    tight, free = await office.customer(pool), await office.customer(wide)
    await claims.claim(li, [tight, free])
    await claims.claim(han, [await office.customer(pool)])
    given = {"member": gid("Member", li.id), "to": [gid("Member", han.id)]}
    answer = await ask(api, await office.admin(), LEAVE, **given)
    assert (answer["released"], answer["handedOver"]) == (1, 1)
    assert answer["customers"]["totalCount"] == 2
    owners = {each["id"]: each["owner"] for each in answer["customers"]["nodes"]}
    assert owners == {customer_gid(tight): None, customer_gid(free): {"name": "韩梅梅"}}


async def test_a_hand_over_costs_as_many_statements_for_hundred_as_for_ten(
    api: Client, office: Office, statements: Statements
) -> None:
    pool, found = await office.pool(max_hold="P20D"), []
    li, han, mei = [await office.person() for _ in range(3)]
    await claims.claim(han, [await office.customer(pool)])
    await claims.claim(mei, [await office.customer(pool)])
    for many in (10, 100):
        await claims.claim(li, await office.customers(pool, many))
        request = f"hand-over-{many}"
        headers = {
            "Authorization": f"Bearer {api.token((await office.admin()).member)}",
            "X-Request-Id": request,
        }
        to = [gid("Member", each.id) for each in (han, mei)]
        body = {"query": HAND_OVER, "variables": {"li": gid("Member", li.id), "to": to}}
        answer = (await api.http.post(api.graphql_url, json=body, headers=headers)).json()
        counts = [each["count"] for each in answer["data"]["handOver"]["received"]]
        assert counts == [many / 2] * 2
        found.append(len(statements.by_request[request]))
    assert found[0] == found[1] <= 12
