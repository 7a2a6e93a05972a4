"""Pools, rules, access, members, imports: what managers and admins do, and what nobody else may."""

from typing import Any
from uuid import uuid4

import pytest

from models.holding import follow_ups
from models.ledger import replay
from models.ownership import claims
from models.tables import Customer, Department, Event, Member, Pool, PoolAccess, PoolRules
from schema.pools.rules_input import RulesInput
from tests.support.asking import IMPORT, Answer, ask, customer_gid, gid, refused, whole
from tests.support.running import Client
from tests.support.samples import Office, events, row, seat, story

RULES = """rules { capacity capacities { capacity member { name } department { name } } wonCount
  dailyClaimLimit newCustomerLock reclaimCooldown firstFollowUpWithin followUpWithin dealWithin
  maxHold dealExempts reminders masked }"""
CREATE = f"""mutation ($name: String! = "华东公海", $rules: RulesInput! = {{}}) {{
  createPool(name: $name, rules: $rules) {{ {whole("PoolResult")} }} }}"""
PUT_RULES = f"""mutation ($pool: ID!, $rules: RulesInput! = {{}}) {{
  updatePoolRules(poolId: $pool, rules: $rules) {{ {whole("PoolResult")} }} }}"""
ACCESS = f"""mutation ($pool: ID!, $members: [ID!]! = [], $departments: [ID!]! = [],
  $administrators: [ID!]! = []) {{ setPoolAccess(poolId: $pool, memberIds: $members,
  departmentIds: $departments, administratorIds: $administrators) {{ {whole("PoolResult")} }} }}"""
MEMBER = f"""mutation ($member: MemberInput!) {{
  saveMember(member: $member) {{ {whole("MemberResult")} }} }}"""
DEPARTMENT = f"""mutation ($id: ID, $name: String!) {{
  saveDepartment(id: $id, name: $name) {{ {whole("DepartmentResult")} }} }}"""
LEAVE = f"""mutation ($id: ID!, $pool: ID) {{
  deactivateMember(memberId: $id, releaseToPoolId: $pool) {{ {whole("DeactivateResult")} }} }}"""
RETURN = f"""mutation ($id: ID!) {{
  reactivateMember(memberId: $id) {{ {whole("MemberResult")} }} }}"""
MOVE = f"""mutation ($ids: [ID!]!, $pool: ID!, $all: Boolean! = false) {{ moveCustomers(
  customerIds: $ids, poolId: $pool, allOrNothing: $all) {{ {whole("MoveResult")} }} }}"""
UPDATE = f"""mutation ($id: ID!, $customer: CustomerChanges!) {{
  updateCustomer(customerId: $id, customer: $customer) {{ {whole("CustomerResult")} }} }}"""
NOT_FOUND = {
    "__typename": "NotFound",
    "message": "Not found.",
}


def problems(answer: Answer) -> list[tuple[str, str]]:
    assert answer["__typename"] == "InvalidInput"
    return [(each["path"], each["message"]) for each in answer["problems"]]


def paths(answer: Answer) -> list[str]:
    return [path for path, _ in problems(answer)]


def forbidden(message: str) -> Answer:
    return {"__typename": "Forbidden", "message": message}


async def test_a_manager_creates_a_pool_and_administers_it(api: Client, office: Office) -> None:
    boss = await office.person("王经理", role="MANAGER")
    li = await office.person()
    rules = {"capacity": 50, "maxHold": "P20D", "firstFollowUpWithin": "PT36H", "masked": ["EMAIL"]}
    answer = await ask(api, boss, CREATE, name=" 华东公海 ", rules=rules)
    pool = await Pool.get(name="华东公海")
    assert answer == {"__typename": "PoolSaved", "pool": {"id": gid("Pool", pool.id)}}
    document = (
        f"query ($id: ID!) {{ pool(id: $id) {{ rulesVersion administrators {{ name }} {RULES} }} }}"
    )
    assert await ask(api, boss, document, id=gid("Pool", pool.id)) == {
        "rulesVersion": 1,
        "administrators": [{"name": "王经理"}],
        "rules": {
            "capacity": 50,
            "capacities": [],
            "wonCount": True,
            "dailyClaimLimit": None,
            "newCustomerLock": None,
            "reclaimCooldown": None,
            "firstFollowUpWithin": "PT36H",
            "followUpWithin": None,
            "dealWithin": None,
            "maxHold": "P20D",
            "dealExempts": True,
            "reminders": ["P7D", "P3D"],
            "masked": ["EMAIL"],
        },
    }
    assert await ask(api, li, document, id=gid("Pool", pool.id)) is None
    again = await ask(api, boss, CREATE, name="华东公海")
    assert problems(again) == [("name", "another pool has this name")]
    refused = await ask(api, li, CREATE, name="华西公海")
    assert refused == forbidden("Only managers and admins create pools.")
    for name in (" ", "x" * 101):
        answer = await ask(api, boss, CREATE, name=name)
        assert problems(answer) == [("name", "must have 1 to 100 characters")]
    assert await Pool.all().count() == 1


async def test_every_rule_that_cannot_hold_is_named_by_its_path(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, no = await office.person(), "must be longer than zero, or left out"
    someone = gid("Member", li.id)
    both = {"memberId": someone, "departmentId": gid("Department", uuid4()), "capacity": 1}
    one = "must name exactly one of memberId and departmentId"
    many = [f"P{days}D" for days in range(1, 12)]
    wrong: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
        ({"capacity": -1}, [("rules.capacity", "must be 0 or more; leave it out for no limit")]),
        (
            {"dailyClaimLimit": 0},
            [("rules.dailyClaimLimit", "must be 1 or more; leave it out for no limit")],
        ),
        *[
            ({name: "PT0S"}, [(f"rules.{name}", no)])
            for name in ("newCustomerLock", "reclaimCooldown", "firstFollowUpWithin")
        ],
        *[
            ({name: "-P1D"}, [(f"rules.{name}", no)])
            for name in ("followUpWithin", "dealWithin", "maxHold")
        ],
        (
            {"firstFollowUpWithin": "P3D", "maxHold": "P2D"},
            [("rules.firstFollowUpWithin", "must be no longer than maxHold")],
        ),
        (
            {"maxHold": "P5D", "reminders": ["P1D", "P6D"]},
            [("rules.reminders.1", "is longer than every deadline of these rules")],
        ),
        ({"reminders": ["PT-1S"]}, [("rules.reminders.0", "must be longer than zero")]),
        (
            {"reminders": ["P1D", "PT24H"]},
            [("rules.reminders.1", "duplicates an earlier reminder")],
        ),
        ({"reminders": many}, [("rules.reminders", "must be no more than 10")]),
        ({"capacities": [{"capacity": 1}]}, [("rules.capacities.0", one)]),
        (
            {"capacities": [both]},
            [("rules.capacities.0", one), ("rules.capacities.0.departmentId", "is not known")],
        ),
        (
            {"capacities": [{"memberId": someone, "capacity": -1}]},
            [("rules.capacities.0.capacity", "must be 0 or more")],
        ),
        (
            {"capacities": [{"memberId": someone, "capacity": n} for n in (1, 2)]},
            [("rules.capacities.1", "duplicates an earlier entry")],
        ),
        (
            {"capacities": [{"memberId": "nonsense", "capacity": 1}]},
            [("rules.capacities.0.memberId", "is not known")],
        ),
        (
            {"capacity": -1, "dailyClaimLimit": -1, "maxHold": "P-1D"},
            [
                ("rules.capacity", "must be 0 or more; leave it out for no limit"),
                ("rules.dailyClaimLimit", "must be 1 or more; leave it out for no limit"),
                ("rules.maxHold", no),
            ],
        ),
    ]
    for rules, expected in wrong:
        answer = await ask(api, admin, PUT_RULES, pool=gid("Pool", pool.id), rules=rules)
        assert problems(answer) == expected, rules
        assert problems(await ask(api, admin, CREATE, rules=rules)) == expected
    assert await PoolRules.all().count() == 1
    assert await Pool.all().count() == 1


async def test_what_is_no_duration_is_named_by_its_place(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    at = "rules.reminders.1: must be"
    shape = "an ISO 8601 duration of weeks, days, hours, minutes, seconds, e.g. P7D or PT36H"
    for text in ("P1Y", "P1M", "7 days", "", "P", "P1-D", "PT", "P1.5D", "P99999D"):
        given = {"pool": gid("Pool", pool.id), "rules": {"reminders": ["P1D", text]}}
        answer = await api.graphql(admin.member, PUT_RULES, **given)
        assert answer.get("data") is None
        why = "no longer than P36500D" if text == "P99999D" else shape
        assert [error["message"] for error in answer["errors"]] == [f"{at} {why}"]
    assert await PoolRules.all().count() == 1


async def test_new_rules_are_a_new_version_and_move_everyone(api: Client, office: Office) -> None:
    pool, li = await office.pool(max_hold="P20D"), await office.person()
    boss = await office.person(role="MANAGER")
    id = await office.customer(pool)
    await claims.claim(li, [id])
    before = await row(id)
    given = {"pool": gid("Pool", pool.id), "rules": {"maxHold": "P30D"}}
    saved = {"__typename": "PoolSaved", "pool": {"id": gid("Pool", pool.id)}}
    assert await ask(api, boss, PUT_RULES, **given) == saved
    after = await row(id)
    assert before.release_at is not None
    assert after.release_at is not None
    assert (after.release_at - before.release_at).days == 10
    assert (await Pool.get(id=pool.id)).rules_version == after.rules_version == 2
    assert await PoolRules.filter(pool_id=pool.id).count() == 2
    answer = await ask(api, li, PUT_RULES, **given)
    assert answer == forbidden("Only administrators of this pool may do that.")
    assert (await Pool.get(id=pool.id)).rules_version == 2
    assert await replay.differences() == []


async def test_access_is_put_as_a_whole(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    admin, id = await office.admin(), gid("Pool", pool.id)
    given = {"members": [gid("Member", li.id)] * 2, "administrators": [gid("Member", han.id)]}
    answer = await ask(api, admin, ACCESS, pool=id, **given)
    assert answer == {"__typename": "PoolSaved", "pool": {"id": id}}
    stored = {(each.member_id, each.administers) for each in await PoolAccess.all()}
    assert stored == {(li.id, False), (han.id, True)}
    assert (await ask(api, li, PUT_RULES, pool=id))["__typename"] == "Forbidden"
    assert (await ask(api, han, PUT_RULES, pool=id))["__typename"] == "PoolSaved"
    assert await ask(api, await office.person(), PUT_RULES, pool=id) == NOT_FOUND
    answer = await ask(api, han, ACCESS, pool=id, members=[gid("Member", han.id)])
    assert answer["__typename"] == "PoolSaved"
    assert (await ask(api, han, ACCESS, pool=id))["__typename"] == "Forbidden"
    assert await ask(api, li, ACCESS, pool=id) == NOT_FOUND


async def test_who_gives_up_a_pool_is_told_that_it_is_done(api: Client, office: Office) -> None:
    pool, boss = await office.pool(), await office.person(role="MANAGER")
    document = """mutation ($pool: ID!) { setPoolAccess(poolId: $pool, memberIds: [],
      departmentIds: [], administratorIds: []) { ... on PoolSaved { pool { name
        administrators { name } customers { totalCount } } } } }"""
    answer = await ask(api, boss, document, pool=gid("Pool", pool.id))
    customers = {"totalCount": 0}
    gone = {"name": pool.name, "administrators": [], "customers": customers}
    assert answer == {"pool": gone}


async def test_an_admin_saves_members(api: Client, office: Office) -> None:
    admin, li = await office.admin(), await office.person("李雷")
    input: dict[str, Any] = {"name": "韩梅梅", "email": "han@demo.test", "role": "MANAGER"}
    answer = await ask(api, admin, MEMBER, member=input)
    han = await Member.get(email="han@demo.test")
    saved = {"__typename": "MemberSaved", "member": {"id": gid("Member", han.id)}}
    assert answer == saved
    assert (han.name, han.role, han.department_id, han.active) == ("韩梅梅", "MANAGER", None, True)
    again = input | {"email": "HAN@demo.test", "name": "韩梅", "role": "SALES"}
    assert await ask(api, admin, MEMBER, member=again) == saved
    namesake = input | {"name": "韩梅", "email": "mei@demo.test"}
    other = (await ask(api, admin, MEMBER, member=namesake))["member"]
    assert other != saved["member"]
    by_id = {"id": gid("Member", han.id), "name": "梅", "email": "m@demo.test"}
    assert await ask(api, admin, MEMBER, member=by_id) == saved
    han = await Member.get(id=han.id)
    assert (han.name, han.email, han.role) == ("梅", "m@demo.test", "SALES")
    taken = by_id | {"email": li.member.email}
    answer = await ask(api, admin, MEMBER, member=taken)
    assert problems(answer) == [("member.email", "another member has this address")]
    answer = await ask(api, admin, MEMBER, member={"name": " ", "email": "no address"})
    assert paths(answer) == ["member.name", "member.email"]
    await ask(api, admin, LEAVE, id=other["id"])
    left = "belongs to a member who has left: call reactivateMember"
    answer = await ask(api, admin, MEMBER, member=namesake)
    assert problems(answer) == [("member.email", left)]
    answer = await ask(api, admin, MEMBER, member=namesake | other)
    assert problems(answer) == [("member.id", left)]
    assert await Member.all().count() == 4


async def test_a_department_is_kept_unless_it_is_given(api: Client, office: Office) -> None:
    admin, li = await office.admin(), await office.person("李雷")
    input: dict[str, Any] = {"name": "李雷", "email": li.member.email}
    for given, department in (
        ({}, office.department_id),
        ({"id": None}, office.department_id),
        ({"departmentId": None}, None),
    ):
        answer = await ask(api, admin, MEMBER, member=input | given)
        assert answer == {"__typename": "MemberSaved", "member": {"id": gid("Member", li.id)}}
        assert (await Member.get(id=li.id)).department_id == department
    for wrong in ({"id": ""}, {"departmentId": ""}, {"departmentId": gid("Member", li.id)}):
        assert await ask(api, admin, MEMBER, member=input | wrong) == NOT_FOUND


async def test_only_admins_save_members_and_departments(api: Client, office: Office) -> None:
    boss, li = await office.person(role="MANAGER"), await office.person()
    no = forbidden("Only admins of the organization may do that.")
    for who in (boss, li):
        own = {"id": gid("Member", who.id), "name": "我", "email": "me@x.cn", "role": "ADMIN"}
        assert await ask(api, who, MEMBER, member=own) == no
        assert await ask(api, who, DEPARTMENT, name="新部门") == no
        assert await ask(api, who, LEAVE, id=gid("Member", li.id)) == no
        assert await ask(api, who, RETURN, id=gid("Member", li.id)) == no
    assert await Member.filter(role="ADMIN").count() == 1
    assert await Department.all().count() == 1


async def test_the_last_admin_stays_one(api: Client, office: Office) -> None:
    admin = await office.admin()
    me = {"id": gid("Member", admin.id), "name": "管理员", "email": "a@demo.test"}
    last = "is the organization's last admin: make another one first"
    answer = await ask(api, admin, MEMBER, member=me)
    assert problems(answer) == [("member.role", last)]
    answer = await ask(api, admin, LEAVE, id=gid("Member", admin.id))
    assert problems(answer) == [("memberId", last)]
    other = await office.person(role="ADMIN")
    assert (await ask(api, admin, MEMBER, member=me))["__typename"] == "MemberSaved"
    assert (await ask(api, admin, DEPARTMENT, name="x"))["__typename"] == "Forbidden"
    assert (await ask(api, other, DEPARTMENT, name="x"))["__typename"] == "DepartmentSaved"


async def test_departments_are_made_and_renamed(api: Client, office: Office) -> None:
    admin = await office.admin()
    answer = await ask(api, admin, DEPARTMENT, name="华东")
    department = await Department.get(name="华东")
    id = gid("Department", department.id)
    assert answer == {"__typename": "DepartmentSaved", "department": {"id": id}}
    assert await ask(api, admin, DEPARTMENT, id=id, name="华东一部") == answer
    assert (await Department.get(id=department.id)).name == "华东一部"
    await ask(api, admin, DEPARTMENT, name="华南")
    answer = await ask(api, admin, DEPARTMENT, id=id, name="华南")
    assert problems(answer) == [("name", "another department has this name")]
    assert paths(await ask(api, admin, DEPARTMENT, name=" ")) == ["name"]
    for wrong in ("", "nonsense", gid("Department", uuid4()), gid("Pool", department.id)):
        assert await ask(api, admin, DEPARTMENT, id=wrong, name="甲") == NOT_FOUND
    assert await Department.all().count() == 2


async def test_a_leaver_is_refused_and_holds_nothing_any_more(api: Client, office: Office) -> None:
    pool, other = await office.pool(), await office.pool()
    li, admin = await office.person(), await office.admin()
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    given = {"id": gid("Member", li.id), "pool": gid("Pool", other.id)}
    for wrong in ("", "nonsense"):
        assert await ask(api, admin, LEAVE, id=given["id"], pool=wrong) == NOT_FOUND
    assert await ask(api, admin, LEAVE, **given) == {
        "__typename": "Deactivated",
        "member": {"id": gid("Member", li.id)},
        "handedOver": 0,
        "released": 3,
        "customers": {"nodes": [{"id": customer_gid(id)} for id in ids]},
    }
    for id in ids:
        stored = await row(id)
        assert (stored.owner_id, stored.pool_id) == (None, other.id)
        (event,) = await events(id, "RELEASED")
        assert (event.release_reason, event.actor_id) == ("MEMBER_LEFT", admin.id)
    assert (await api.post(li.member, "{ viewer { id } }")).status_code == 401
    again = await ask(api, admin, LEAVE, **given)
    assert (again["__typename"], again["released"]) == ("Deactivated", 0)
    assert await replay.differences() == []


async def test_who_leaves_by_their_own_hand_is_told_what_became_of_it(
    api: Client, office: Office
) -> None:
    await office.person(role="ADMIN")
    admin = await office.admin()
    answer = await ask(api, admin, LEAVE, id=gid("Member", admin.id))
    assert (answer["__typename"], answer["released"]) == ("Deactivated", 0)
    assert (await api.post(admin.member, "{ viewer { id } }")).status_code == 401


async def test_an_import_takes_all_rows_or_names_every_bad_one(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    given = {"pool": gid("Pool", pool.id)}
    csv = '\ufeff电话,客户名称,person\r\n13812345678,腾讯科技,张三丰\r\n,"华为\r\n技术",\r\n'
    assert await ask(api, admin, IMPORT, **given, csv=csv) == {"__typename": "Imported", "count": 2}
    stored = {each.name: each for each in await Customer.all()}
    assert {name: each.phone for name, each in stored.items()} == {
        "腾讯科技": "13812345678",
        "华为\r\n技术": None,
    }
    assert await story(stored["腾讯科技"].id) == ["CREATED"]
    bad = "name,phone,email\n新客户,nonsense,x@y.cn\n,13900001111,\n腾讯科技,,a@b.cn\n别的,,no"
    answer = await ask(api, admin, IMPORT, **given, csv=bad)
    assert paths(answer) == ["csv.2.phone", "csv.3.name", "csv.5.email"]
    known = "name,phone\n新客户,138 1234 5678\n腾讯科技,"
    answer = await ask(api, admin, IMPORT, **given, csv=known)
    assert problems(answer) == [
        ("csv.2.phone", "another customer has this value"),
        ("csv.3.name", "another customer has this value"),
    ]
    assert paths(await ask(api, admin, IMPORT, **given, csv="")) == ["csv"]
    assert await Customer.all().count() == 2
    answer = await ask(api, await office.person(), IMPORT, **given, csv="name\n甲")
    assert answer == forbidden("Only administrators of this pool may do that.")
    assert await replay.differences() == []


async def test_customers_are_moved_or_refused_one_by_one(api: Client, office: Office) -> None:
    pool, target = await office.pool(), await office.pool()
    li, boss = await office.person(), await office.person(role="MANAGER")
    free, held = await office.customers(pool, 2)
    await claims.claim(li, [held])
    into = gid("Pool", target.id)
    wanted = [customer_gid(held), customer_gid(free), "x"]
    taken = {"__typename": "AlreadyHeld", "message": "This customer already has an owner."}
    stays = move_answer(customer_gid(free), None)
    refused = [move_answer(wanted[0], taken), move_answer("x", NOT_FOUND)]
    answer = await ask(api, boss, MOVE, ids=wanted, pool=into, all=True)
    results = [refused[0], stays, refused[1]]
    assert answer == {"__typename": "Moved", "count": 0, "results": results}
    assert (await row(free)).pool_id == pool.id
    answer = await ask(api, boss, MOVE, ids=wanted, pool=into)
    moved = stays | {"moved": True}
    results = [refused[0], moved, refused[1]]
    assert answer == {"__typename": "Moved", "count": 1, "results": results}
    assert (await row(free)).pool_id == target.id
    again = await ask(api, boss, MOVE, ids=[customer_gid(free)] * 2, pool=into)
    assert again == {"__typename": "Moved", "count": 0, "results": [moved, moved]}
    assert await ask(api, boss, MOVE, ids=wanted[:1], pool=into) == taken
    assert await ask(api, boss, MOVE, ids=["nonsense"], pool=into) == NOT_FOUND
    answer = await ask(api, li, MOVE, ids=[customer_gid(free)], pool=into)
    assert answer == forbidden("Only administrators of this pool may do that.")
    nobody = await ask(api, boss, MOVE, ids=[], pool=into)
    assert nobody == {"__typename": "Moved", "count": 0, "results": []}
    assert await story(free) == ["CREATED", "MOVED"]
    assert await replay.differences() == []


def move_answer(id: str, refusal: Answer | None) -> Answer:
    return {"customerId": id, "moved": False, "refusal": refusal}


async def test_what_is_known_is_changed_field_by_field(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    whose = {"id": customer_gid(id), "owner": {"id": gid("Member", li.id)}}
    saved = {"__typename": "CustomerSaved", "customer": whose}
    fields = {"name": "腾讯科技", "phone": "13812345678", "email": "a@x.cn", "level": "A"}
    assert await ask(api, li, UPDATE, id=customer_gid(id), customer=fields) == saved
    cleared = {"name": " 腾讯 ", "phone": None}
    assert await ask(api, li, UPDATE, id=customer_gid(id), customer=cleared) == saved
    stored = await row(id)
    assert (stored.name, stored.phone, stored.email, stored.level) == ("腾讯", None, "a@x.cn", "A")
    answer = await ask(api, han, UPDATE, id=customer_gid(id), customer={"name": "我的"})
    assert answer["__typename"] == "NotHolder"
    wrong = {"name": " ", "phone": "nonsense", "email": "no", "level": "x" * 21}
    answer = await ask(api, li, UPDATE, id=customer_gid(id), customer=wrong)
    assert sorted(paths(answer)) == [
        "customer.email",
        "customer.level",
        "customer.name",
        "customer.phone",
    ]
    assert await Event.filter(customer_id=id, action="UPDATED").count() == 2
    assert await replay.differences() == []


async def test_a_pooled_customer_is_changed_by_administrators(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    answer = await ask(api, li, UPDATE, id=customer_gid(id), customer={"name": "我的"})
    words = "Only administrators of its pool may change a customer that nobody holds."
    assert answer == forbidden(words)
    answer = await ask(
        api, await office.admin(), UPDATE, id=customer_gid(id), customer={"name": "新"}
    )
    assert answer["__typename"] == "CustomerSaved"


async def test_a_duplicate_says_which_keys_agree_and_how_it_stands(
    api: Client, office: Office
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    csv = "name,phone,email\n深圳市腾讯计算机有限公司,13812345678,a@x.cn\n华为,13900001111,b@x.cn"
    await ask(api, await office.admin(), IMPORT, pool=gid("Pool", pool.id), csv=csv)
    mine, pooled = await office.customer(pool), await Customer.get(name="华为")
    tencent = await Customer.get(phone="13812345678")
    await claims.claim(li, [mine, tencent.id])
    wanted = {"name": "深圳市腾讯计算机有限公司", "phone": "+86 13812345678", "email": "B@x.cn"}
    answer = await ask(api, li, UPDATE, id=customer_gid(mine), customer=wanted)
    assert answer["__typename"] == "DuplicateFound"
    told = {each["customer"]["id"]: each for each in answer["duplicates"]}
    assert told[customer_gid(tencent.id)]["standing"] == "HELD_BY_YOU"
    assert told[customer_gid(tencent.id)]["matchedOn"] == ["NAME", "PHONE"]
    assert told[customer_gid(pooled.id)]["standing"] == "IN_POOL"
    assert told[customer_gid(pooled.id)]["matchedOn"] == ["EMAIL"]
    assert len(told) == 2
    assert (await row(mine)).phone is None
    assert han.id != li.id


async def test_access_for_nobody_is_refused(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    before = await PoolAccess.all().count()
    for argument in ("members", "departments", "administrators"):
        for wrong in ("", "nonsense", gid("Member", uuid4()), gid("Pool", pool.id)):
            given: dict[str, Any] = {"pool": gid("Pool", pool.id), argument: [wrong]}
            assert await ask(api, admin, ACCESS, **given) == NOT_FOUND
    assert await PoolAccess.all().count() == before


async def test_a_level_moves_no_deadline_that_it_has_none_for(api: Client, office: Office) -> None:
    pool, li = await office.pool(max_hold="P20D"), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.log_follow_up(li, id, "CALL", "谈了报价")
    before = await row(id)
    await ask(api, li, UPDATE, id=customer_gid(id), customer={"name": "腾讯", "level": "A"})
    after = await row(id)
    assert (after.release_at, after.remind_at) == (before.release_at, before.remind_at)
    assert await seat(pool, li) == (1, 0, 1)
    assert await replay.differences() == []


async def test_a_level_is_the_customers_whatever_spaces_are_around_it(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(max_hold="P20D"), await office.admin()
    li, id = await office.person(), await office.customer(pool)
    await ask(api, admin, UPDATE, id=customer_gid(id), customer={"name": "腾讯", "level": " A"})
    await claims.claim(li, [id])
    levels = [{"level": "A ", "dealWithin": "P5D"}]
    await ask(api, admin, PUT_RULES, pool=gid("Pool", pool.id), rules={"levels": levels})
    assert (await row(id)).release_reason == "NO_DEAL"


async def test_read_alerts_wants_a_place_in_the_feed(api: Client, office: Office) -> None:
    li = await office.person()
    document = "mutation ($upTo: Cursor!) { readAlerts(upTo: $upTo) { id } }"
    for wrong in ("", "nonsense"):
        answer = await refused(api, li, document, upTo=wrong)
        assert (answer["code"], [each["path"] for each in answer["problems"]]) == (
            "InvalidInput",
            ["upTo"],
        )


async def test_who_may_create_no_pool_has_no_rules_read(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[RulesInput] = []
    monkeypatch.setattr(RulesInput, "to_domain", read.append)
    li = await office.person()
    refused = await ask(api, li, CREATE, name="a", rules={"capacity": 1})
    assert refused == forbidden("Only managers and admins create pools.")
    assert read == []
