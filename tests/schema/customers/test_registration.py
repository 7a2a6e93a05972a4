"""New customers reported through HTTP, and what is told of those that are known already."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import database
from models.duplicates.similar import MOST_FOUND, SHARING
from models.ledger import feed, replay
from models.ownership import claims
from models.tables import Customer, Event, Pool
from models.viewers import Viewer
from tests.support.asking import ask, customer_gid, gid, refused, whole
from tests.support.bulk import insert_customers
from tests.support.running import Client
from tests.support.samples import Office, found, row, seat, story, time_passes

KEY = "idempotencyKey: $key"
REGISTER = f"""mutation ($customer: CustomerInput!, $pool: ID!, $key: String) {{
  registerCustomer(customer: $customer, poolId: $pool, {KEY}) {{ {whole("RegisterResult")} }}
}}"""
DUPLICATES = """query ($customer: CustomerInput!) { duplicates(customer: $customer) {
  matchedOn standing customer { name } } }"""


async def register(
    api: Client, who: Viewer, pool: Pool, key: str | None = None, **known: Any
) -> Any:
    return await ask(api, who, REGISTER, customer=known, pool=gid("Pool", pool.id), key=key)


async def duplicates(api: Client, who: Viewer, **known: Any) -> Any:
    return await ask(api, who, DUPLICATES, customer=known)


async def test_a_registered_customer_is_held_from_the_first_moment(
    api: Client, office: Office
) -> None:
    pool = await office.pool(first_follow_up_within="P10D", max_hold="P20D")
    li = await office.person()
    answer = await register(
        api, li, pool, name=" 腾讯科技 ", level="A", person="马先生", phone="13812345678"
    )
    assert answer["__typename"] == "Claimed"
    (customer,) = await Customer.all()
    assert answer["customer"] == {"id": customer_gid(customer.id), "owner": {"id": _me(li)}}
    assert (customer.name, customer.level, customer.phone) == ("腾讯科技", "A", "13812345678")
    assert (customer.owner_id, customer.epoch, customer.opened_at) == (li.id, 1, None)
    assert customer.claimed_at is not None
    assert customer.release_at is not None
    assert (customer.release_at - customer.claimed_at).days == 10
    assert await story(customer.id) == ["CREATED", "CLAIMED"]
    assert await seat(pool, li) == (1, 0, 0)
    assert await replay.differences() == []


async def test_a_registration_is_no_change_of_the_pool_and_no_claim_of_the_day(
    api: Client, office: Office
) -> None:
    pool = await office.pool(daily_claim_limit=1)
    li, id = await office.person(), await office.customer(pool)
    for n in range(3):
        assert (await register(api, li, pool, name=f"新客户{n}"))["__typename"] == "Claimed"
    created = await Event.filter(action="CREATED").order_by("seq")
    changes = [feed.pool_change(event) for event in created]
    assert changes == ["OPENED", None, None, None]
    await claims.claim(li, [id])
    assert await seat(pool, li) == (4, 0, 1)
    assert await replay.differences() == []


async def test_a_full_private_pool_takes_no_registration(api: Client, office: Office) -> None:
    pool, li = await office.pool(capacity=1), await office.person()
    await register(api, li, pool, name="第一家")
    answer = await register(api, li, pool, name="第二家")
    assert (answer["__typename"], answer["held"], answer["capacity"]) == ("CapacityReached", 1, 1)
    assert await Customer.all().count() == 1
    assert await seat(pool, li) == (1, 0, 0)


async def test_twenty_registrations_at_once_fill_a_capacity_of_five_exactly(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(capacity=5), await office.person()
    answers = await asyncio.gather(*(register(api, li, pool, name=f"公司{n}号") for n in range(20)))
    kinds = Counter(answer["__typename"] for answer in answers)
    assert kinds == {"Claimed": 5, "CapacityReached": 15}
    assert await Customer.all().count() == 5
    assert await replay.differences() == []


@pytest.mark.parametrize("key", [None, "one"])
async def test_of_two_who_register_the_same_company_one_gets_it(
    api: Client, office: Office, key: str | None
) -> None:
    pool = await office.pool()
    li, han = await office.person(), await office.person()
    for n in range(10):
        one = register(api, li, pool, key and f"{key}{n}", name=f"{n}深圳腾讯有限公司")
        other = register(api, han, pool, key and f"{key}{n}", name=f"{n} 深圳(腾讯)")
        answers = await asyncio.gather(one, other)
        kinds = [answer["__typename"] for answer in answers]
        assert sorted(kinds) == ["Claimed", "DuplicateFound"]
        loser = answers[kinds.index("DuplicateFound")]
        assert loser["duplicates"] == [
            {"matchedOn": ["NAME"], "standing": "HELD_BY_COLLEAGUE", "customer": None}
        ]
    assert await Customer.all().count() == 10
    assert await replay.differences() == []


@pytest.mark.parametrize(
    ("known", "matched_on"),
    [
        ({"name": "阿里巴巴（中国）股份有限公司"}, ["NAME"]),
        ({"name": "别家", "phone": "+86 138-1234-5678"}, ["PHONE"]),
        ({"name": "别家", "email": "MA@Alibaba.cn"}, ["EMAIL"]),
        ({"name": "别家", "registrationNumber": "91330100-MA27"}, ["REGISTRATION_NUMBER"]),
        ({"name": "阿里巴巴中国", "phone": "13812345678"}, ["NAME", "PHONE"]),
    ],
)
async def test_whichever_key_agrees_it_is_a_duplicate(
    api: Client, office: Office, known: dict[str, str], matched_on: list[str]
) -> None:
    pool, li = await office.pool(), await office.person()
    full = {"phone": "138 1234 5678", "email": "ma@alibaba.cn"}
    await register(api, li, pool, name="阿里巴巴(中国)", registrationNumber="91330100ma27", **full)
    answer = await register(api, li, pool, **known)
    assert answer["__typename"] == "DuplicateFound"
    (duplicate,) = answer["duplicates"]
    assert (duplicate["matchedOn"], duplicate["standing"]) == (matched_on, "HELD_BY_YOU")
    assert await duplicates(api, li, **known) == [
        {"matchedOn": matched_on, "standing": "HELD_BY_YOU", "customer": {"name": "阿里巴巴(中国)"}}
    ]
    assert await Customer.all().count() == 1


async def test_of_a_colleagues_customer_only_its_standing_is_told(
    api: Client, office: Office
) -> None:
    pool = await office.pool()
    li, han = await office.person(), await office.person()
    await register(api, li, pool, name="腾讯科技", phone="13812345678")
    asked = {"name": "腾讯科技", "phone": "13812345678"}
    told = {"matchedOn": ["NAME", "PHONE"], "standing": "HELD_BY_COLLEAGUE", "customer": None}
    assert await duplicates(api, han, **asked) == [told]
    admin = await office.admin()
    assert await duplicates(api, admin, **asked) == [told | {"customer": {"name": "腾讯科技"}}]


async def test_a_pooled_customer_is_shown_to_whom_its_pool_is_open(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    name = (await row(id)).name
    told = {"matchedOn": ["NAME"], "standing": "IN_POOL", "customer": {"name": name}}
    assert told in await duplicates(api, li, name=name)
    await claims.claim(li, [id])
    han = await office.person()
    assert told not in await duplicates(api, han, name=name)


async def test_names_merely_alike_are_offered_and_never_refused(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    await register(api, li, pool, name="深圳市腾讯计算机系统有限公司")
    await register(api, li, pool, name="广州某某贸易有限公司")
    alike = {"matchedOn": [], "standing": "HELD_BY_YOU"}
    assert await duplicates(api, li, name="腾讯科技") == [
        alike | {"customer": {"name": "深圳市腾讯计算机系统有限公司"}}
    ]
    assert (await register(api, li, pool, name="腾讯科技"))["__typename"] == "Claimed"


async def test_nothing_is_alike_to_a_name_that_nobody_has(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await register(api, li, pool, name="深圳市腾讯计算机系统有限公司")
    for name in ("北京字节跳动科技有限公司", "深圳科技", "有限公司", "x"):
        assert await duplicates(api, li, name=name) == []


async def test_the_same_key_gives_the_same_answer(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    first = await register(api, li, pool, "k", name="腾讯科技")
    assert await register(api, li, pool, "k", name="腾讯科技") == first
    refusal = await register(api, han, pool, "k", name="腾讯科技")
    assert await register(api, han, pool, "k", name="腾讯科技") == refusal
    assert refusal["__typename"] == "DuplicateFound"
    other = await register(api, li, pool, "k", name="另一家")
    assert other["problems"][0]["path"] == "idempotencyKey"
    assert await Customer.all().count() == 1


async def test_the_same_key_at_the_same_moment_registers_once(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    requests = [register(api, li, pool, "k", name="腾讯科技") for _ in range(6)]
    first, *others = await asyncio.gather(*requests)
    assert first["__typename"] == "Claimed"
    assert others == [first] * 5
    assert await Customer.all().count() == 1
    assert await replay.differences() == []


async def test_wrong_fields_are_named(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    answer = await register(api, li, pool, name=" ", phone="12", email="x")
    paths = [problem["path"] for problem in answer["problems"]]
    assert paths == ["customer.name", "customer.phone", "customer.email"]
    error = await refused(api, li, DUPLICATES, customer={"name": "腾讯", "phone": "12"})
    assert error["code"] == "InvalidInput"
    assert [problem["path"] for problem in error["problems"]] == ["customer.phone"]


async def test_a_field_of_several_phones_is_kept_as_written_but_for_a_spreadsheets_marks(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    written = "138-0000-0001、13900000002.0\n010-8888 8888 转 8001"
    answer = await register(api, li, pool, name="腾讯科技", phone=written)
    assert answer["__typename"] == "Claimed"
    (customer,) = await Customer.all()
    assert customer.phone == "138-0000-0001、13900000002\n010-8888 8888 转 8001"
    answer = await register(api, li, pool, name="别家", phone="13800000001 / 13900000009")
    assert [each["matchedOn"] for each in answer["duplicates"]] == [["PHONE"]]


@pytest.mark.parametrize(
    ("phone", "named"),
    [
        ("1380000000", "1380000000"),
        ("13800000001；138000000022", "138000000022"),
        ("1.38E+10", "1.38E+10"),
        ("88888888", "88888888"),
        ("15412345678", "15412345678"),
    ],
)
async def test_a_wrong_phone_is_named_with_its_path(
    api: Client, office: Office, phone: str, named: str
) -> None:
    pool, li = await office.pool(), await office.person()
    answer = await register(api, li, pool, name="腾讯科技", phone=phone)
    ((path, message),) = [(each["path"], each["message"]) for each in answer["problems"]]
    assert path == "customer.phone"
    assert message.startswith(f"has {named}")
    assert await Customer.all().count() == 0


async def test_a_name_of_invisible_characters_is_required(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    answer = await register(api, li, pool, name="\u200b\u3164\ufe0f")
    assert answer["problems"][0]["path"] == "customer.name"
    assert (await register(api, li, pool, name="甲\u200b乙"))["__typename"] == "Claimed"
    answer = await register(api, li, pool, name="甲乙\ufe0f")
    assert [each["matchedOn"] for each in answer["duplicates"]] == [["NAME"]]


async def test_over_the_limit_of_look_ups_an_error_says_when_the_next_is_allowed(
    api: Client, office: Office
) -> None:
    li = await office.person()
    await database.rows("UPDATE organization SET lookup_limit = 3")
    await refused(api, li, DUPLICATES, customer={"name": "腾讯", "phone": "12"})
    assert await duplicates(api, li, name="腾讯") == []
    assert await duplicates(api, li, name="腾讯", phone="13800000001；13900000002") == []
    error = await refused(api, li, DUPLICATES, customer={"name": "腾讯"})
    assert error.keys() == {"path", "code", "resetsAt"}
    assert error["code"] == "TOO_MANY_LOOKUPS"
    left = datetime.fromisoformat(error["resetsAt"]) - datetime.now(UTC)
    assert timedelta(minutes=58) < left <= timedelta(hours=1)
    await time_passes("1 hour")
    assert await duplicates(api, li, name="腾讯") == []


async def test_an_operation_looks_up_duplicates_once(api: Client, office: Office) -> None:
    li = await office.person()
    asked = (f'd{n}: duplicates(customer: {{ name: "甲{n}" }}) {{ standing }}' for n in range(20))
    answer = await api.graphql(li.member, f"{{ {' '.join(asked)} }}")
    assert answer["data"] is None
    problem = "one look-up in an operation: send another operation for each further one"
    assert answer["errors"][0]["extensions"] == {
        "code": "InvalidInput",
        "problems": [{"path": "customer", "message": problem}],
    }
    assert await duplicates(api, li, name="甲") == []


async def test_nothing_is_known_of_another_organizations_customers(
    api: Client, office: Office
) -> None:
    other = await found("别家")
    theirs, pool = await other.pool(), await office.pool()
    wang, li = await other.person(), await office.person()
    assert (await register(api, wang, theirs, name="腾讯科技"))["__typename"] == "Claimed"
    assert await duplicates(api, li, name="腾讯科技") == []
    assert (await register(api, li, theirs, name="新的"))["__typename"] == "NotFound"
    assert (await register(api, li, pool, name="腾讯科技"))["__typename"] == "Claimed"


async def test_among_60_000_names_an_index_finds_those_alike(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await insert_customers(MANY, office.id, pool.id)
    await database.rows("VACUUM ANALYZE customer")
    for name, is_alike in (
        ("深圳市海川科技有限公司", True),
        ("海川贸易", True),
        ("Acme Trading 77", False),
        ("北京安泰信息技术有限公司", True),
    ):
        answer = await duplicates(api, li, name=name)
        assert len(answer) <= 11
        assert answer or not is_alike
    explained = f"EXPLAIN {SHARING}"
    plan = await database.rows_custom_plan(explained, office.id, ["海川科", "川科技"], MOST_FOUND)
    assert any("Index Cond: (name_grams @> " in row["QUERY PLAN"] for row in plan)


MANY = """
WITH signs AS (
  SELECT '海川安泰华瑞鼎盛恒通博远金诺天宇广源德信嘉禾凯丰利达明辉新锐同方东升永兴' AS a,
  '川泰瑞盛通远诺宇源信禾丰达辉锐方升兴越海安华鼎恒博金天广德嘉凯利明新同' AS b)
INSERT INTO customer (organization_id, pool_id, name, name_key)
SELECT $1, $2, replace(v.core, '深圳', '深圳市') || v.tail, v.core || v.n FROM (
  SELECT n, (ARRAY['深圳', '北京', '上海', '广州', '杭州'])[1 + n % 5]
    || substr(a, 1 + (n / 5) % 35, 1) || substr(b, 1 + (n / 175) % 35, 1)
    || CASE WHEN n % 3 = 0 THEN substr(a, 1 + (n / 6125) % 26, 1) ELSE '' END
    || (ARRAY['科技', '贸易', '信息技术', '网络科技', '实业'])[1 + (n / 7) % 5] AS core,
    '有限公司' AS tail
  FROM signs, generate_series(1, 45000) AS n
  UNION ALL
  SELECT n, (ARRAY['acme', 'global', 'united', 'pacific', 'golden'])[1 + n % 5] ||
    (ARRAY['trading', 'systems', 'foods', 'textiles'])[1 + n % 4], ' Ltd'
  FROM generate_series(45001, 60000) AS n
) AS v
"""


def _me(who: Viewer) -> str:
    return gid("Member", who.id)
