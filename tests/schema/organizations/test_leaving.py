"""A leaver through HTTP: everything goes back at once, and it is said where to."""

import time
from typing import Any

import pytest

from models.ledger import replay
from models.ownership import claims, releases
from models.viewers import Viewer
from tests.support.asking import ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office, row, seat

LEAVE = """mutation ($member: ID!, $pool: ID, $first: Int! = 20, $after: Cursor) {
  deactivateMember(memberId: $member, releaseToPoolId: $pool) { __typename
    ... on Deactivated { member { active } released customers(first: $first, after: $after) {
      totalCount nodes { id pool { name } owner { name } } pageInfo { hasNextPage endCursor } } }
    ... on Refusal { message } } }"""
RETURN = """mutation ($id: ID!) { reactivateMember(memberId: $id) { __typename
  ... on MemberSaved { member { id name active privatePool { held } } }
  ... on InvalidInput { problems { path message } } } }"""


async def leave(api: Client, who: Viewer, leaver: Viewer, **given: Any) -> Any:
    return await ask(api, who, LEAVE, member=gid("Member", leaver.id), **given)


async def test_a_leavers_customers_are_named_with_where_they_went(
    api: Client, office: Office
) -> None:
    east, west = await office.pool("华东"), await office.pool("华西")
    li, ids = await office.person(), [await office.customer(east), await office.customer(west)]
    await claims.claim(li, ids)
    answer = await leave(api, await office.admin(), li)
    assert (answer["released"], answer["member"]) == (2, {"active": False})
    assert answer["customers"]["totalCount"] == 2
    went = {node["id"]: node["pool"]["name"] for node in answer["customers"]["nodes"]}
    assert went == {customer_gid(ids[0]): "华东", customer_gid(ids[1]): "华西"}
    assert {node["owner"] for node in answer["customers"]["nodes"]} == {None}


async def test_all_go_to_the_pool_that_is_named(api: Client, office: Office) -> None:
    east, west = await office.pool("华东"), await office.pool("华西")
    li, ids = await office.person(), await office.customers(east, 3)
    await claims.claim(li, ids)
    answer = await leave(api, await office.admin(), li, pool=gid("Pool", west.id))
    assert [node["pool"]["name"] for node in answer["customers"]["nodes"]] == ["华西"] * 3
    assert await replay.differences() == []


async def test_what_was_given_back_before_is_not_among_them(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    ids = await office.customers(pool, 2)
    await claims.claim(li, ids)
    await releases.give_back(li, ids[0], "没有需求")
    answer = await leave(api, await office.admin(), li)
    assert [node["id"] for node in answer["customers"]["nodes"]] == [customer_gid(ids[1])]
    again = await leave(api, await office.admin(), li)
    assert (again["released"], again["customers"]["totalCount"]) == (0, 1)


async def test_a_leaver_returns_and_leaves_again_with_what_they_held_since(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, ids = await office.person("李雷"), await office.customers(pool, 3)
    await claims.claim(li, ids[:2])
    await leave(api, admin, li)
    given = {"id": gid("Member", li.id)}
    returned = await ask(api, admin, RETURN, **given)
    member = given | {"name": "李雷", "active": True, "privatePool": {"held": 0}}
    assert returned == {"__typename": "MemberSaved", "member": member}
    again = await ask(api, admin, RETURN, **given)
    problem = {"path": "memberId", "message": "is an active member already"}
    assert again == {"__typename": "InvalidInput", "problems": [problem]}
    await claims.claim(await office.viewer(li.id), ids[2:])
    answer = await leave(api, admin, li)
    assert answer["released"] == answer["customers"]["totalCount"] == 1
    assert [node["id"] for node in answer["customers"]["nodes"]] == [customer_gid(ids[2])]
    assert await replay.differences() == []


@pytest.mark.timeout(120)
async def test_a_thousand_customers_go_back_within_one_request(api: Client, office: Office) -> None:
    pool = await office.pool(first_follow_up_within="P10D", max_hold="P20D")
    li, ids = await office.person(), await office.customers(pool, 1000)
    for start in range(0, 1000, 100):
        await claims.claim(li, ids[start : start + 100])
    assert await seat(pool, li) == (1000, 0, 1000)
    admin = await office.admin()
    began = time.perf_counter()
    answer = await leave(api, admin, li, first=100)
    seconds = time.perf_counter() - began
    print(f"1,000 customers of a leaver released in {seconds:.2f} s")
    assert answer["released"] == 1000
    assert seconds < 10  # Two on free cores: other tests run beside this one.
    seen = [node["id"] for node in answer["customers"]["nodes"]]
    while answer["customers"]["pageInfo"]["hasNextPage"]:
        after = answer["customers"]["pageInfo"]["endCursor"]
        answer = await leave(api, admin, li, first=100, after=after)
        seen += [node["id"] for node in answer["customers"]["nodes"]]
    assert sorted(seen) == sorted(map(customer_gid, ids))
    assert {(await row(id)).owner_id for id in ids[::100]} == {None}
    assert await replay.differences() == []
