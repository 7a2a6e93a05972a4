"""What is read: by id, in lists that page by keyset, and by whom."""

import base64
import json
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLInterfaceType

from models.customers import csv_import
from models.holding import follow_ups
from models.ownership import claims, releases
from models.pools import access
from models.tables import Customer, Department, Event, Member, Pool
from models.viewers import Viewer
from schema.execution.schema import schema
from schema.node_finders import FINDERS
from tests.support.asking import ask, customer_gid, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, done, found, time_passes

POOLED = """query ($pool: ID!, $first: Int! = 3, $after: Cursor, $by: PoolOrder! = OPENED_LATEST,
  $search: String, $level: String) { pool(id: $pool) { customers(
  first: $first, after: $after, orderBy: $by, search: $search, level: $level) {
  nodes { id name } pageInfo { hasNextPage endCursor } totalCount } } }"""
HELD = """query ($pool: ID, $first: Int! = 3, $after: Cursor, $by: HeldOrder! = RELEASE_SOONEST,
  $search: String) { viewer { privatePool(poolId: $pool) { customers(
  first: $first, after: $after, orderBy: $by, search: $search) {
  nodes { id name } pageInfo { hasNextPage endCursor } totalCount } } } }"""
PRIVATE = "{ privatePool { held capacity available claimedToday } }"


def page_of(answer: Any) -> Any:
    """The connection in an answer, wherever it stands."""
    while "nodes" not in answer:
        (answer,) = answer.values()
    return answer


async def pages(api: Client, who: Viewer, document: str, **variables: Any) -> list[list[str]]:
    """Every page's names, first to last."""
    told, after = [], None
    while True:
        page = page_of(await ask(api, who, document, after=after, **variables))
        told.append([node["name"] for node in page["nodes"]])
        if not page["pageInfo"]["hasNextPage"]:
            return told
        after = page["pageInfo"]["endCursor"]


async def named(office: Office, pool: Pool, *names: str) -> list[UUID]:

    ids = []
    for name in names:
        await csv_import.import_customers(await office.admin(), pool.id, f"name\n{name}")
        ids.append((await Customer.get(organization_id=office.id, name=name)).id)
    return ids


async def test_the_viewer_is_who_the_token_says(api: Client, office: Office) -> None:
    li = await office.person("李雷")
    document = "{ viewer { id name email role active department { name } } }"
    assert await ask(api, li, document) == {
        "id": gid("Member", li.id),
        "name": "李雷",
        "email": li.member.email,
        "role": "SALES",
        "active": True,
        "department": {"name": "销售部"},
    }
    admin = await ask(api, await office.admin(), document)
    assert (admin["role"], admin["department"]) == ("ADMIN", None)


async def test_objects_of_any_type_are_found_together_each_in_its_place(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person("李雷")
    one, two = [customer_gid(id) for id in await office.customers(pool, 2)]
    given = [two, gid("Pool", pool.id), "nonsense", one, gid("Pool", li.id), two]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    told = await ask(api, li, document, ids=given)
    assert [each and each["id"] for each in told] == [*given[:2], None, one, None, two]
    no = await refused(api, li, document, ids=[two] * 101)
    assert [each["path"] for each in no["problems"]] == ["ids"]


def test_each_type_of_node_can_be_fetched_again() -> None:
    """As Relay's specification of global object identification has it."""
    query = schema._schema.query_type
    node = schema._schema.type_map["Node"]
    assert query
    assert isinstance(node, GraphQLInterfaceType)
    assert str(query.fields["node"].type) == "Node"
    assert {name: str(each.type) for name, each in query.fields["node"].args.items()} == {
        "id": "ID!"
    }
    assert {name: str(each.type) for name, each in node.fields.items()} == {"id": "ID!"}
    kinds = schema._schema.get_possible_types(node)
    assert {each.name for each in kinds} == FINDERS.keys()


async def test_every_kind_of_object_is_found_by_its_id(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person("李雷")
    (id,) = await named(office, pool, "腾讯科技")
    await claims.claim(li, [id])
    await follow_ups.log_follow_up(li, id, "CALL", "谈了报价")
    event = await Event.get(action="FOLLOWED_UP")
    department = await Department.get(organization_id=office.id)
    document = """query ($id: ID!) { node(id: $id) { __typename id
      ... on Customer { name } ... on Pool { name } ... on Member { name }
      ... on Department { name } ... on Organization { name timeZone }
      ... on Event { action customer { name } } ... on FollowUp { note kind } } }"""
    expected: dict[str, tuple[UUID, dict[str, Any]]] = {
        "Customer": (id, {"name": "腾讯科技"}),
        "Pool": (pool.id, {"name": pool.name}),
        "Member": (li.id, {"name": "李雷"}),
        "Department": (department.id, {"name": "销售部"}),
        "Organization": (office.id, {"name": "示范企业", "timeZone": "Asia/Shanghai"}),
        "Event": (event.id, {"action": "FOLLOWED_UP", "customer": {"name": "腾讯科技"}}),
        "FollowUp": (event.id, {"note": "谈了报价", "kind": "CALL"}),
    }
    for kind, (uuid, fields) in expected.items():
        wanted = {"__typename": kind, "id": gid(kind, uuid)} | fields
        assert await ask(api, li, document, id=gid(kind, uuid)) == wanted
    claimed = await Event.get(action="CLAIMED")
    assert await ask(api, li, document, id=gid("FollowUp", claimed.id)) is None
    for wrong in (gid("Pool", id), str(id), gid("Customer", id).lower(), gid("Customer", id) + "0"):
        assert await ask(api, li, document, id=wrong) is None


async def test_pools_are_those_that_are_open_or_run(api: Client, office: Office) -> None:
    li, document = await office.person(), "{ pools { name } }"
    open_, hidden = await office.pool("乙公海"), await office.pool("甲公海")
    await access.set_access(await office.admin(), hidden.id, [], [], [])
    own = await office.pool("丙公海")
    await access.set_access(await office.admin(), own.id, [], [], [li.id])
    assert await ask(api, li, document) == [{"name": "丙公海"}, {"name": "乙公海"}]
    assert len(await ask(api, await office.admin(), document)) == 3
    by_id = "query ($id: ID!) { pool(id: $id) { name } }"
    assert await ask(api, li, by_id, id=gid("Pool", open_.id)) == {"name": "乙公海"}
    assert await ask(api, li, by_id, id=gid("Pool", hidden.id)) is None


async def test_a_pool_that_is_not_open_hides_its_customers(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    free, held, theirs = await office.customers(pool, 3)
    await claims.claim(li, [held])
    await claims.claim(han, [theirs])
    await access.set_access(await office.admin(), pool.id, [], [], [])
    document = """query ($id: ID!) { customer(id: $id) { pool { customers { totalCount
      nodes { id } } } history { nodes { action } } } }"""
    for hidden in (free, theirs):
        assert await ask(api, li, document, id=customer_gid(hidden)) is None
        event = await Event.filter(customer_id=hidden).first()
        assert event is not None
        node = "query ($id: ID!) { node(id: $id) { id } }"
        assert await ask(api, li, node, id=gid("Event", event.id)) is None
    assert await ask(api, li, document, id=customer_gid(held)) == {
        "pool": {"customers": {"totalCount": 0, "nodes": []}},
        "history": {"nodes": [{"action": "CLAIMED"}, {"action": "CREATED"}]},
    }


async def test_the_organization_lists_its_departments(api: Client, office: Office) -> None:
    li = await office.person()
    await (await found("别的企业")).person()
    assert await ask(api, li, "{ organization { id name timeZone departments { name } } }") == {
        "id": gid("Organization", office.id),
        "name": "示范企业",
        "timeZone": "Asia/Shanghai",
        "departments": [{"name": "销售部"}],
    }


async def test_members_are_all_for_who_manages_and_oneself_for_others(
    api: Client, office: Office
) -> None:
    li, han = await office.person("李雷"), await office.person("韩梅梅")
    boss = await office.person("王经理", role="MANAGER")
    document = """query ($search: String, $department: ID, $first: Int! = 20) {
      members(first: $first, search: $search, departmentId: $department) {
        nodes { name } pageInfo { hasNextPage } } }"""

    async def names(who: Viewer, **variables: Any) -> list[str]:
        answer = await ask(api, who, document, **variables)
        return [each["name"] for each in answer["nodes"]]

    founder = (await Member.get(id=office.founder.id)).name
    assert sorted(await names(boss)) == sorted(["李雷", "韩梅梅", "王经理", founder])
    assert await names(li) == ["李雷"]
    assert await names(boss, search="梅") == ["韩梅梅"]
    assert await names(boss, search=han.member.email.upper()) == ["韩梅梅"]
    assert await names(boss, search="%") == []
    assert office.department_id is not None
    sales = gid("Department", office.department_id)
    assert sorted(await names(boss, department=sales)) == sorted(["李雷", "韩梅梅", "王经理"])
    assert await names(boss, first=1) != await names(boss)


async def test_a_pools_page_comes_in_the_order_asked_for(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await named(office, pool, "丙", "甲", "丁", "乙", "戊")
    given = {"pool": gid("Pool", pool.id)}
    assert await pages(api, li, POOLED, **given) == [["戊", "乙", "丁"], ["甲", "丙"]]
    earliest = await pages(api, li, POOLED, **given, by="OPENED_EARLIEST", first=2)
    assert earliest == [["丙", "甲"], ["丁", "乙"], ["戊"]]
    by_name = await pages(api, li, POOLED, **given, by="NAME", first=5)
    assert by_name == [["丙", "丁", "甲", "戊", "乙"]]


async def test_pages_neither_repeat_nor_skip_while_rows_come_and_go(
    api: Client, office: Office
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    ids = await named(office, pool, *"甲乙丙丁戊己庚")
    first = page_of(await ask(api, li, POOLED, pool=gid("Pool", pool.id), first=3))
    assert [node["name"] for node in first["nodes"]] == ["庚", "己", "戊"]
    assert first["totalCount"] == 7
    await claims.claim(han, [ids[4], ids[5], ids[2]])
    await named(office, pool, "辛", "壬")
    await releases.give_back(han, ids[5], "没有需求")
    after = first["pageInfo"]["endCursor"]
    second = page_of(await ask(api, li, POOLED, pool=gid("Pool", pool.id), first=3, after=after))
    assert [node["name"] for node in second["nodes"]] == ["丁", "乙", "甲"]
    assert second["pageInfo"]["hasNextPage"] is False
    assert second["totalCount"] == 7


async def test_customers_that_came_at_the_same_moment_are_all_shown(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    await office.customers(pool, 25)
    for order in ("OPENED_LATEST", "OPENED_EARLIEST", "NAME"):
        told = await pages(api, li, POOLED, pool=gid("Pool", pool.id), first=10, by=order)
        assert [len(page) for page in told] == [10, 10, 5]
        assert len({name for page in told for name in page}) == 25


async def test_a_pool_is_searched_by_parts_of_a_name(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await named(office, pool, "深圳市腾讯计算机", "腾达商贸", "Ａcme 中国", "100%纯棉")
    for term, names in {
        "腾讯": ["深圳市腾讯计算机"],
        "腾": ["深圳市腾讯计算机", "腾达商贸"],
        "讯计算机": ["深圳市腾讯计算机"],
        "acme中": ["Ａcme 中国"],
        "ACME": ["Ａcme 中国"],
        "%": ["100%纯棉"],
        "讯腾": [],
        "_": [],
    }.items():
        page = page_of(await ask(api, li, POOLED, pool=gid("Pool", pool.id), search=term))
        assert sorted(node["name"] for node in page["nodes"]) == sorted(names), term
        assert page["totalCount"] == len(names)
    everything = page_of(await ask(api, li, POOLED, pool=gid("Pool", pool.id), search="  "))
    assert everything["totalCount"] == 4


async def test_a_pool_is_narrowed_to_a_level(api: Client, office: Office) -> None:

    pool, li = await office.pool(), await office.person()
    csv = "name,level\n甲,A\n乙,B\n丙,A"
    await csv_import.import_customers(await office.admin(), pool.id, csv)
    page = page_of(await ask(api, li, POOLED, pool=gid("Pool", pool.id), level="A", by="NAME"))
    assert ([node["name"] for node in page["nodes"]], page["totalCount"]) == (["丙", "甲"], 2)


async def test_a_private_pool_comes_by_the_nearest_release(api: Client, office: Office) -> None:
    soon, late = await office.pool(max_hold="P5D"), await office.pool(max_hold="P9D")
    never, li = await office.pool(), await office.person()
    (first,) = await named(office, never, "甲")
    second, third = await named(office, late, "乙", "丙")
    fourth, fifth = await named(office, soon, "丁", "戊")
    for id in (first, second, third, fourth, fifth):
        await claims.claim(li, [id])
    assert await pages(api, li, HELD) == [["丁", "戊", "乙"], ["丙", "甲"]]
    assert await pages(api, li, HELD, first=4, by="CLAIMED_LATEST") == [
        ["戊", "丁", "丙", "乙"],
        ["甲"],
    ]
    assert await pages(api, li, HELD, by="NAME") == [["丙", "丁", "甲"], ["戊", "乙"]]
    assert await pages(api, li, HELD, pool=gid("Pool", late.id)) == [["乙", "丙"]]
    assert await pages(api, li, HELD, search="丁") == [["丁"]]
    assert await pages(api, await office.person(), HELD) == [[]]


async def test_a_private_pool_counts_what_is_held_and_what_is_free(
    api: Client, office: Office
) -> None:
    pool, other = await office.pool(capacity=3), await office.pool(capacity=5)
    li = await office.person()
    ids = await office.customers(pool, 2)
    await claims.claim(li, ids)
    await claims.claim(li, await office.customers(other, 1))
    document = "query ($pool: ID) { viewer { privatePool(poolId: $pool)"
    document += " { held capacity available claimedToday } } }"
    of_one = await ask(api, li, document, pool=gid("Pool", pool.id))
    assert of_one["privatePool"] == counts(2, 3, 1, 2)
    of_all = await ask(api, li, document)
    assert of_all["privatePool"] == counts(3, 8, 5, 3)
    await releases.give_back(li, ids[0], "没有需求")
    await office.pool()
    of_all = await ask(api, li, document)
    assert of_all["privatePool"] == counts(2, None, None, 3)
    await time_passes("1 day")
    assert (await ask(api, li, document))["privatePool"]["claimedToday"] == 0


def counts(held: int, capacity: int | None, available: int | None, today: int) -> Any:
    return {"held": held, "capacity": capacity, "available": available, "claimedToday": today}


async def test_a_colleagues_private_pool_is_for_who_manages(api: Client, office: Office) -> None:
    await office.pool(capacity=3)
    li, han = await office.person(), await office.person()
    boss = await office.person(role="MANAGER")
    document = f"query ($id: ID!) {{ node(id: $id) {{ ... on Member {PRIVATE} }} }}"
    given = {"id": gid("Member", li.id)}
    empty = {"privatePool": counts(0, 3, 3, 0)}
    assert await ask(api, li, document, **given) == empty
    assert await ask(api, boss, document, **given) == empty
    assert await refused(api, han, document, **given) == {
        "path": ["node", "privatePool"],
        "code": "Forbidden",
    }


async def test_alerts_are_for_the_member_alone(api: Client, office: Office) -> None:
    li = await office.person()
    document = "query ($id: ID!) { node(id: $id) { ... on Member { alerts { unread } } } }"
    answer = await refused(api, await office.admin(), document, id=gid("Member", li.id))
    assert answer == {"path": ["node", "alerts"], "code": "Forbidden"}


async def test_alerts_are_read_up_to_a_place(api: Client, office: Office) -> None:
    pool, li, boss = await office.pool(), await office.person(), await office.admin()
    ids = await office.customers(pool, 3)
    boss = await office.admin()
    for id in ids:
        await claims.assign(boss, id, li.id)
    document = """query ($only: Boolean! = false, $first: Int! = 20, $after: Cursor) {
      viewer { alerts(unreadOnly: $only, first: $first, after: $after) {
        unread pageInfo { hasNextPage endCursor }
        nodes { cursor kind read customer { id } } } } }"""
    newest = (await ask(api, li, document, first=2))["alerts"]
    assert [each["customer"]["id"] for each in newest["nodes"]] == [
        customer_gid(id) for id in (ids[2], ids[1])
    ]
    assert {(each["kind"], each["read"]) for each in newest["nodes"]} == {("ASSIGNED", False)}
    assert (newest["unread"], newest["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await ask(api, li, document, after=newest["pageInfo"]["endCursor"])
    assert [each["customer"]["id"] for each in rest["alerts"]["nodes"]] == [customer_gid(ids[0])]
    read = "mutation ($upTo: Cursor!) { readAlerts(upTo: $upTo) { id alerts { unread } } }"
    done = await ask(api, li, read, upTo=newest["nodes"][1]["cursor"])
    assert done == {"id": gid("Member", li.id), "alerts": {"unread": 1}}
    left = (await ask(api, li, document, only=True))["alerts"]["nodes"]
    assert [each["customer"]["id"] for each in left] == [customer_gid(ids[2])]
    await ask(api, li, read, upTo=rest["alerts"]["nodes"][0]["cursor"])
    assert (await ask(api, li, document))["alerts"]["unread"] == 1


async def test_a_history_tells_who_did_what_newest_first(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person("李雷")
    boss = await office.person("王经理", role="MANAGER")
    (id,) = await named(office, pool, "腾讯科技")
    await claims.assign(boss, id, li.id)
    await follow_ups.log_follow_up(li, id, "CALL", "谈了报价")
    await releases.give_back(li, id, "没有需求")
    document = """query ($id: ID!, $first: Int! = 20, $after: Cursor) { customer(id: $id) {
      history(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
        nodes { action reason actor { name } member { name } } } } }"""
    told = (await ask(api, boss, document, id=customer_gid(id)))["history"]["nodes"]
    li_, boss_ = {"name": "李雷"}, {"name": "王经理"}
    admin = {"name": office.founder.name}
    assert [tuple(each.values()) for each in told] == [
        ("RELEASED", "没有需求", li_, li_),
        ("FOLLOWED_UP", None, li_, li_),
        ("ASSIGNED", None, boss_, li_),
        ("CREATED", None, admin, None),
    ]
    first = (await ask(api, boss, document, id=customer_gid(id), first=3))["history"]
    assert first["nodes"] == told[:3]
    after = first["pageInfo"]["endCursor"]
    rest = (await ask(api, boss, document, id=customer_gid(id), after=after))["history"]
    assert (rest["nodes"], rest["pageInfo"]["hasNextPage"]) == (told[3:], False)


async def test_what_was_said_to_a_held_customer_stays_with_its_owner(
    api: Client, office: Office
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    boss = await office.person(role="MANAGER")
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.log_follow_up(li, id, "CALL", "谈了报价")
    document = "query ($id: ID!) { customer(id: $id) { followUps { nodes { note } } } }"
    notes = {"followUps": {"nodes": [{"note": "谈了报价"}]}}
    for who, answer in ((li, notes), (boss, notes), (han, {"followUps": {"nodes": []}})):
        assert await ask(api, who, document, id=customer_gid(id)) == answer


LISTS = {
    "customers": POOLED,
    "held": HELD,
    "members": "query ($first: Int!, $after: Cursor) { members(first: $first, after: $after)"
    " { nodes { id } } }",
    "alerts": "query ($first: Int!, $after: Cursor) { viewer { alerts(first: $first, after: $after)"
    " { nodes { cursor } } } }",
    "history": "query ($customer: ID!, $first: Int!, $after: Cursor) { customer(id: $customer)"
    " { history(first: $first, after: $after) { nodes { id } } } }",
    "followUps": "query ($customer: ID!, $first: Int!, $after: Cursor) { customer(id: $customer)"
    " { followUps(first: $first, after: $after) { nodes { id } } } }",
}


@pytest.mark.parametrize("name", LISTS)
async def test_first_is_from_1_to_100_and_a_cursor_is_one_that_was_given(
    api: Client, office: Office, name: str
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    every = {"pool": gid("Pool", pool.id), "customer": customer_gid(id)}
    document = LISTS[name]
    given = {key: value for key, value in every.items() if f"${key}: ID" in document}
    for first in (0, -1, 101, 2**31 - 1):
        no = await refused(api, li, document, first=first, **given)
        assert no["code"] == "InvalidInput"
        assert no["problems"] == [{"path": "first", "message": "must be from 1 to 100"}]
    await ask(api, li, document, first=100, **given)
    for cursor in (
        "",
        "nonsense",
        "é",
        encoded(["NAME"]),
        encoded(["NAME", 5, str(id)]),
        strange(),
    ):
        no = await refused(api, li, document, first=5, after=cursor, **given)
        assert (no["code"], [each["path"] for each in no["problems"]]) == (
            "InvalidInput",
            ["after"],
        )


def encoded(plain: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def strange() -> str:
    """Right in its shape, with a key that is none."""
    return encoded(["OPENED_LATEST", "yesterday", "01a20a70-5b71-7d75-8972-853042848ca7"])


async def test_a_cursor_leads_nowhere_in_another_order(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await office.customers(pool, 5)
    page = page_of(await ask(api, li, POOLED, pool=gid("Pool", pool.id)))
    after = page["pageInfo"]["endCursor"]
    given = {"pool": gid("Pool", pool.id), "after": after, "by": "NAME"}
    no = await refused(api, li, POOLED, **given)
    assert [each["path"] for each in no["problems"]] == ["after"]


async def test_a_search_is_no_longer_than_100_characters(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    given = {"pool": gid("Pool", pool.id)}
    no = await refused(api, li, POOLED, **given, search="x" * 101)
    assert [each["path"] for each in no["problems"]] == ["search"]
    assert page_of(await ask(api, li, POOLED, **given, search="x" * 100))["nodes"] == []


async def test_a_private_pool_does_not_tell_of_a_pool_that_is_not_open(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    held = await office.customer(pool)
    hidden, admin = await office.pool(), await office.admin()
    done((await claims.claim(li, [held]))[0])
    for each in (pool, hidden):
        await access.set_access(admin, each.id, [], [], [])
    query = "query ($pool: ID!) { viewer { privatePool(poolId: $pool) { held } } }"
    answer = await api.graphql(li.member, query, pool=gid("Pool", pool.id))
    assert answer["data"]["viewer"]["privatePool"] == {"held": 1}
    no = await api.graphql(li.member, query, pool=gid("Pool", hidden.id))
    assert no["errors"][0]["extensions"]["code"] == "NotFound"
