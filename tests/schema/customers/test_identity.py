"""Who is the same customer, through HTTP: keys that stay, keys let go of, keys that outrank."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.duplicates.backlog import keep_all
from models.ledger import replay
from models.ownership import releases
from models.tables import Customer, CustomerKey, Organization, Pool
from models.viewers import Viewer
from tests.support.asking import IMPORT, ask, customer_gid, gid, kinds, refused, whole
from tests.support.running import Client
from tests.support.samples import Office, events, row, story

ALL = whole("RegisterResult").replace("matchedOn", "matchedOn formerly refuses")
REGISTER = f"""mutation ($customer: CustomerInput!, $pool: ID!, $key: String) {{
  registerCustomer(customer: $customer, poolId: $pool, idempotencyKey: $key) {{
    {ALL} }} }}"""
UPDATE = f"""mutation ($id: ID!, $customer: CustomerChanges!) {{
  updateCustomer(customerId: $id, customer: $customer) {{ {whole("CustomerResult")} }} }}"""
LET_GO = f"""mutation ($id: ID!, $key: DuplicateKey!, $value: String!) {{
  releaseDuplicateKey(customerId: $id, key: $key, value: $value) {{
    {whole("CustomerResult")} }} }}"""
DUPLICATES = """query ($customer: CustomerInput!) { duplicates(customer: $customer) {
  matchedOn formerly refuses standing } }"""
FORMER = "query ($id: ID!) { customer(id: $id) { formerKeys { key value since } } }"


async def register(
    api: Client, who: Viewer, pool: Pool, key: str | None = None, **known: Any
) -> Any:
    return await ask(api, who, REGISTER, customer=known, pool=gid("Pool", pool.id), key=key)


async def registered(api: Client, who: Viewer, pool: Pool, **known: Any) -> UUID:
    answer = await register(api, who, pool, **known)
    assert answer["__typename"] == "Claimed", answer
    return (await Customer.filter(owner_id=who.id).order_by("-id").first()).id  # type: ignore[union-attr]


async def update(api: Client, who: Viewer, id: UUID, **changed: Any) -> Any:
    return await ask(api, who, UPDATE, id=customer_gid(id), customer=changed)


async def let_go(api: Client, who: Viewer, id: UUID, key: str, value: str) -> Any:
    return await ask(api, who, LET_GO, id=customer_gid(id), key=key, value=value)


async def former(api: Client, who: Viewer, id: UUID) -> list[tuple[str, str]]:
    keys = (await ask(api, who, FORMER, id=customer_gid(id)))["formerKeys"]
    return [(each["key"], each["value"]) for each in keys]


async def blocking(office: Office, *kinds: str) -> None:
    await Organization.filter(id=office.id).update(duplicate_keys=list(kinds))


async def limited(office: Office, per_hour: int) -> None:
    await Organization.filter(id=office.id).update(lookup_limit=per_hour)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"name": "甲方实业"}, {"name": "作废"}),
        ({"phone": "13800000001"}, {"phone": "13900000002"}),
        ({"phone": "13800000001"}, {"phone": None}),
        ({"email": "jia@x.cn"}, {"email": None}),
        ({"registrationNumber": "91440300MA5"}, {"registrationNumber": "91440300MA6"}),
    ],
)
async def test_what_a_customer_once_had_still_refuses_its_duplicate(
    api: Client, office: Office, before: dict[str, str], after: dict[str, str | None]
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    id = await registered(api, li, pool, **({"name": "第一家"} | before))
    assert (await update(api, li, id, **after))["__typename"] == "CustomerSaved"
    for who in (li, han):
        answer = await register(api, who, pool, **({"name": "第二家"} | before))
        assert answer["__typename"] == "DuplicateFound", answer
        (duplicate,) = answer["duplicates"]
        assert duplicate["formerly"] == duplicate["matchedOn"]
        assert len(duplicate["matchedOn"]) == 1
    assert await Customer.all().count() == 1


async def test_renaming_back_and_forth_is_no_duplicate_of_oneself(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await registered(api, li, pool, name="甲方实业", phone="13800000001")
    for name in ("乙方实业", "甲方实业", "乙方实业"):
        assert (await update(api, li, id, name=name))["__typename"] == "CustomerSaved"
    assert await former(api, li, id) == [("NAME", "甲方实业")]
    assert (await row(id)).name == "乙方实业"


async def test_a_rename_and_a_registration_at_once_leave_one_customer_of_the_name(
    api: Client, office: Office
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    await limited(office, 1000)
    for n in range(8):
        id = await registered(api, li, pool, name=f"{n}号旧名")
        answers = await asyncio.gather(
            update(api, li, id, name=f"{n}号新名"),
            register(api, han, pool, name=f"{n}号新名"),
        )
        names = sorted(answer["__typename"] for answer in answers)
        assert names in (["CustomerSaved", "DuplicateFound"], ["Claimed", "DuplicateFound"])
    rows = await CustomerKey.filter(kind="NAME").values_list("key", flat=True)
    assert len(rows) == len(set(map(str, rows)))
    assert await replay.differences() == []


async def test_a_key_that_was_let_go_of_is_free_for_another(api: Client, office: Office) -> None:
    pool, li, admin = await office.pool(), await office.person(), await office.admin()
    id = await registered(api, li, pool, name="甲方实业", phone="13800000001")
    await update(api, li, id, name="乙方实业", phone=None)
    assert await former(api, admin, id) == [("NAME", "甲方实业"), ("PHONE", "+8613800000001")]
    assert (await let_go(api, li, id, "NAME", "甲方实业"))["__typename"] == "Forbidden"
    outsider = await office.person()
    for key, value in (("NAME", " 甲方 实业（有限公司）"), ("PHONE", "138-0000-0001")):
        answer = await let_go(api, admin, id, key, value)
        assert answer["__typename"] == "CustomerSaved", answer
    assert await former(api, admin, id) == []
    released = await events(id, "KEY_RELEASED")
    assert [(event.details["key"], event.actor_id) for event in released] == [
        ("NAME", admin.id),
        ("PHONE", admin.id),
    ]
    answer = await register(api, outsider, pool, name="甲方实业", phone="13800000001")
    assert answer["__typename"] == "Claimed"
    assert await replay.differences() == []


async def test_only_a_former_key_can_be_let_go_of(api: Client, office: Office) -> None:
    pool, li, admin = await office.pool(), await office.person(), await office.admin()
    id = await registered(api, li, pool, name="甲方实业", phone="13800000001", email="jia@x.cn")
    await update(api, li, id, email=None)
    for key, value, words in (
        ("NAME", "甲方实业", "is what the customer has now; change the customer instead"),
        ("PHONE", "13800000002", "is none of the customer's former keys; see formerKeys"),
        ("NAME", "jia@x.cn", "is none of the customer's former keys; see formerKeys"),
        ("EMAIL", "", "is none of the customer's former keys; see formerKeys"),
    ):
        answer = await let_go(api, admin, id, key, value)
        assert answer["problems"] == [{"path": "value", "message": words}]
    assert await story(id) == ["CREATED", "CLAIMED", "UPDATED"]


async def test_former_keys_are_masked_as_the_contact_is(api: Client, office: Office) -> None:
    pool, li, admin = await office.pool(), await office.person(), await office.admin()
    han = await office.person()
    id = await registered(api, li, pool, name="甲方实业", phone="13800000001", email="jia@x.cn")
    await update(api, li, id, phone=None, email=None)
    whole_keys = [("PHONE", "+8613800000001"), ("EMAIL", "jia@x.cn")]
    assert sorted(await former(api, li, id)) == sorted(whole_keys)
    assert await former(api, han, id) == []
    await releases.give_back(li, id, "没有需求")
    masked = {("PHONE", "138****0001"), ("EMAIL", "j*****@x.cn")}
    assert set(await former(api, admin, id)) == masked
    assert await former(api, li, id) == []
    answer = await let_go(api, admin, id, "PHONE", "138****0001")
    assert answer["__typename"] == "CustomerSaved"
    assert await former(api, admin, id) == [("EMAIL", "j*****@x.cn")]


async def test_two_registration_numbers_outrank_an_equal_name_or_phone(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    known = {"name": "同名实业", "phone": "010-88888888"}
    await registered(api, li, pool, **known, registrationNumber="91110000MA01")
    other = known | {"registrationNumber": "91110000MA02"}
    (alike,) = await ask(api, li, DUPLICATES, customer=other)
    assert alike == {
        "matchedOn": ["NAME", "PHONE"],
        "formerly": [],
        "refuses": False,
        "standing": "HELD_BY_YOU",
    }
    assert (await register(api, li, pool, **other))["__typename"] == "Claimed"
    for third in (known, known | {"registrationNumber": "91110000MA02"}):
        answer = await register(api, li, pool, **third)
        assert answer["__typename"] == "DuplicateFound"
    assert await Customer.all().count() == 2


async def test_another_registration_number_is_no_way_round_a_cool_down(
    api: Client, office: Office
) -> None:
    pool = await office.pool(reclaim_cooldown="P30D")
    li, han = await office.person(), await office.person()
    id = await registered(api, li, pool, name="甲方实业", registrationNumber="91110000MA01")
    await releases.give_back(li, id, "没有需求")
    again = {"name": "甲方实业", "registrationNumber": "91110000MA02"}
    answer = await register(api, li, pool, **again)
    assert answer["__typename"] == "CoolingDown"
    assert (await register(api, han, pool, **again))["__typename"] == "Claimed"


async def test_an_equal_email_is_outranked_by_nothing(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await registered(api, li, pool, name="一", email="a@x.cn", registrationNumber="91110000MA01")
    answer = await register(
        api, li, pool, name="二", email="a@x.cn", registrationNumber="91110000MA02"
    )
    assert answer["__typename"] == "DuplicateFound"


async def test_two_persons_of_one_name_are_two_where_only_phones_refuse(
    api: Client, office: Office
) -> None:
    await blocking(office, "PHONE")
    pool, li = await office.pool(), await office.person()
    await registered(api, li, pool, name="王伟", phone="13800000001")
    await registered(api, li, pool, name="王伟", phone="13800000002")
    (found, *_) = await ask(api, li, DUPLICATES, customer={"name": "王伟"})
    assert (found["matchedOn"], found["refuses"]) == (["NAME"], False)
    answer = await register(api, li, pool, name="李娜", phone="13800000002")
    assert answer["__typename"] == "DuplicateFound"
    imported = await ask(
        api,
        await office.admin(),
        IMPORT,
        pool=gid("Pool", pool.id),
        csv="name,phone\n王伟,13800000003\n王伟,13800000004",
    )
    assert imported == {"__typename": "Imported", "count": 2}


async def test_every_number_of_a_phone_field_is_a_key(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await registered(api, li, pool, name="一家", phone="13800000001；010-88888888 转 8001")
    for n, phone in enumerate(("13800000001", "(010) 8888 8888", "13700000001/13800000001")):
        answer = await register(api, li, pool, name=f"{n}家", phone=phone)
        assert answer["__typename"] == "DuplicateFound", phone
    await update(api, li, id, phone="010-88888888")
    assert await former(api, li, id) == [("PHONE", "+8613800000001")]


@pytest.mark.parametrize("key", [None, "one"])
async def test_of_many_who_register_one_phone_at_once_one_gets_it(
    api: Client, office: Office, key: str | None
) -> None:
    await blocking(office, "PHONE")
    pool, people = await office.pool(), [await office.person() for _ in range(6)]
    for n in range(3):
        phone = f"1380000000{n}"
        counted = await kinds(
            register(api, who, pool, key and f"{key}{n}", name="王伟", phone=phone)
            for who in people
        )
        assert counted == {"Claimed": 1, "DuplicateFound": 5}
    assert await replay.differences() == []


async def test_refusals_count_as_look_ups_and_registrations_do_not(
    api: Client, office: Office
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    await limited(office, 3)
    for n in range(5):
        await registered(api, li, pool, name=f"{n}号客户")
    known = await registered(api, han, pool, name="别的客户")
    for _ in range(2):
        assert (await register(api, li, pool, name="0号客户"))["__typename"] == "DuplicateFound"
    assert (await update(api, han, known, name="0号客户"))["__typename"] == "DuplicateFound"
    await ask(api, li, DUPLICATES, customer={"name": "0号客户"})
    for name in ("0号客户", "新的客户"):
        answer = await register(api, li, pool, name=name)
        assert answer["__typename"] == "TooManyLookups"
        assert answer["resetsAt"]
    error = await refused(api, li, DUPLICATES, customer={"name": "0号客户"})
    assert error["code"] == "TOO_MANY_LOOKUPS"
    assert (await register(api, han, pool, name="还有一个"))["__typename"] == "Claimed"


async def test_what_is_no_new_key_is_no_look_up(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await registered(api, li, pool, name="甲方实业", phone="13800000001")
    await limited(office, 1)
    await ask(api, li, DUPLICATES, customer={"name": "别人"})
    same = {"name": "甲方 实业", "phone": "138 0000 0001", "level": "A", "person": "王"}
    assert (await update(api, li, id, **same))["__typename"] == "CustomerSaved"
    answer = await update(api, li, id, phone="13800000002")
    assert answer["__typename"] == "TooManyLookups"


async def test_only_what_is_given_changes(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await registered(
        api, li, pool, name="甲方实业", phone="13800000001", email="a@x.cn", level="A"
    )
    assert (await update(api, li, id, phone=None))["__typename"] == "CustomerSaved"
    kept = await row(id)
    assert (kept.name, kept.phone, kept.email, kept.level) == ("甲方实业", None, "a@x.cn", "A")
    answer = await update(api, li, id, name=None)
    assert answer["problems"] == [{"path": "customer.name", "message": "is required"}]
    assert (await update(api, li, id))["__typename"] == "CustomerSaved"
    assert (await row(id)).name == "甲方实业"


async def test_a_file_repeats_itself_by_the_same_rule(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    lines = [
        "name,phone,registrationNumber",
        "同名实业,010-88888888,91110000MA01",
        "同名实业,010-88888888,91110000MA02",
        "同名实业,,",
        "别家,13800000001;010-88888888,91110000MA02",
    ]
    answer = await ask(api, admin, IMPORT, pool=gid("Pool", pool.id), csv="\n".join(lines))
    assert answer["problems"] == [
        {"path": "csv.4.name", "message": "is the same as in line 2"},
        {"path": "csv.5.phone", "message": "is the same as in line 3"},
        {"path": "csv.5.registrationNumber", "message": "is the same as in line 3"},
    ]
    answer = await ask(api, admin, IMPORT, pool=gid("Pool", pool.id), csv="\n".join(lines[:3]))
    assert answer == {"__typename": "Imported", "count": 2}
    answer = await ask(api, admin, IMPORT, pool=gid("Pool", pool.id), csv="name\n同名实业")
    assert [each["path"] for each in answer["problems"]] == ["csv.2.name"]


async def test_customers_of_the_release_before_get_their_keys(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    (old,) = await database.rows(
        "INSERT INTO customer (organization_id, pool_id, name, name_key, phone)"
        " VALUES ($1, $2, '旧版实业', '旧版实业', '13800000001') RETURNING id",
        office.id,
        pool.id,
    )
    id = await registered(api, li, pool, name="新版实业")
    await database.rows(
        "UPDATE customer SET name = '改名实业', name_key = '改名实业'"
        " WHERE organization_id = $1 AND id = $2",
        office.id,
        id,
    )
    await database.rows(
        "INSERT INTO event (organization_id, customer_id, epoch, action, pool_id, details)"
        """ VALUES ($1, $2, 1, 'UPDATED', $3, '{"changed": {"name": "中间实业"}}')""",
        office.id,
        id,
        pool.id,
    )
    assert await keep_all() == 2
    assert await keep_all() == 0
    # Nobody gets the keys that another customer had.
    keys = await CustomerKey.filter(customer_id=old["id"]).order_by("key")
    assert [each.key for each in keys] == ["+8613800000001", "旧版实业"]
    for known in (
        {"name": "旧版实业"},
        {"name": "别家", "phone": "13800000001"},
        {"name": "新版实业"},
        {"name": "中间实业"},
        {"name": "改名实业"},
    ):
        answer = await register(api, li, pool, **known)
        assert answer["__typename"] == "DuplicateFound", known
