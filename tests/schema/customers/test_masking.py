"""A contact is shown only to whom it belongs, wherever it can appear."""

import json
from typing import Any

import pytest

from models.alerts import inbox
from models.customers import csv_import
from models.customers.update import update_customer
from models.holding import follow_ups
from models.ownership import claims, releases
from models.pools import access
from models.tables import Customer, Event, Pool
from models.viewers import Viewer
from tests.support.asking import CLAIM, RELEASE, ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office, row

CSV = "name,person,phone,email,level\n腾讯科技,张三丰,13812345678,li.lei@x.cn,A"
SECRETS = ("张三丰", "13812345678", "li.lei@x.cn", "12345678", "li.lei", "三丰")
CONTACT = "contact { person phone email masked }"
HIDDEN = {"person": None, "phone": None, "email": None, "masked": True}
MASKED = {"person": "张三丰", "phone": "138****5678", "email": "l*****@x.cn", "masked": True}
WHOLE = {"person": "张三丰", "phone": "13812345678", "email": "li.lei@x.cn", "masked": False}


async def tencent(office: Office, pool: Pool) -> Customer:
    await csv_import.import_customers(await office.admin(), pool.id, CSV)
    return await Customer.get(organization_id=office.id, name="腾讯科技")


async def contact(api: Client, who: Viewer, customer: Customer) -> Any:
    document = f"query ($id: ID!) {{ customer(id: $id) {{ {CONTACT} }} }}"
    found = await ask(api, who, document, id=customer_gid(customer.id))
    return found and found["contact"]


async def test_in_the_pool_it_is_masked_for_everyone(api: Client, office: Office) -> None:
    pool = await office.pool()
    customer = await tencent(office, pool)
    for who in (
        await office.person(),
        await office.person(role="MANAGER"),
        await office.admin(),
    ):
        assert await contact(api, who, customer) == MASKED


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        ([], WHOLE),
        (["PERSON"], WHOLE | {"person": "张**", "masked": True}),
        (["PERSON", "PHONE", "EMAIL"], MASKED | {"person": "张**"}),
    ],
)
async def test_a_pool_says_what_is_masked(
    api: Client, office: Office, masked: list[str], shown: Any
) -> None:
    pool = await office.pool(masked=masked)
    customer = await tencent(office, pool)
    assert await contact(api, await office.person(), customer) == shown


async def test_held_it_is_whole_for_its_owner_and_administrators_alone(
    api: Client, office: Office
) -> None:
    pool = await office.pool(masked=[])
    customer = await tencent(office, pool)
    li, han = await office.person(), await office.person()
    await claims.claim(li, [customer.id])
    assert await contact(api, li, customer) == WHOLE
    assert await contact(api, await office.person(role="MANAGER"), customer) == WHOLE
    assert await contact(api, await office.admin(), customer) == WHOLE
    assert await contact(api, han, customer) == HIDDEN


async def test_a_pool_that_is_not_open_shows_nothing(api: Client, office: Office) -> None:
    pool = await office.pool(masked=[])
    customer = await tencent(office, pool)
    li = await office.person()
    await access.set_access(await office.admin(), pool.id, [], [], [])
    assert await contact(api, await office.viewer(li.id), customer) is None


async def test_whoever_lost_it_sees_it_masked_again(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    customer = await tencent(office, pool)
    answer = f"{{ __typename ... on Claimed {{ customer {{ {CONTACT} }} }} }}"
    claim = f"mutation ($id: ID!) {{ claimCustomer(customerId: $id) {answer} }}"
    claimed = await ask(api, li, claim, id=customer_gid(customer.id))
    assert claimed["customer"]["contact"] == WHOLE
    release = f"""mutation ($id: ID!) {{ releaseCustomer(customerId: $id, reason: "没有需求")
      {answer.replace("Claimed", "Released")} }}"""
    released = await ask(api, li, release, id=customer_gid(customer.id))
    assert released["customer"]["contact"] == MASKED


ANYWHERE = f"""query ($id: ID!, $event: ID!, $followUp: ID!, $member: ID!) {{
  pools {{ customers {{ nodes {{ ...it }} }} searched: customers(search: "腾讯") {{
    nodes {{ ...it }} }} }}
  customer(id: $id) {{ ...it history {{ nodes {{ reason action customer {{ ...it }} }} }}
    followUps {{ nodes {{ note by {{ id }} }} }} }}
  node(id: $id) {{ ...it }}
  event: node(id: $event) {{ ... on Event {{ reason customer {{ ...it }} }} }}
  followUp: node(id: $followUp) {{ ... on FollowUp {{ note }} }}
  member: node(id: $member) {{ ... on Member {{ name }} }}
  viewer {{ alerts {{ nodes {{ customer {{ ...it }} }} }}
    privatePool {{ customers {{ nodes {{ ...it }} }} }} }}
}}
fragment it on Customer {{ id name level {CONTACT} claimable {{ __typename }} }}"""


async def anywhere(api: Client, who: Viewer, customer: Customer) -> str:

    event = await Event.get(customer_id=customer.id, action="FOLLOWED_UP")
    variables = {
        "id": customer_gid(customer.id),
        "event": gid("Event", event.id),
        "followUp": gid("FollowUp", event.id),
        "member": gid("Member", who.id),
    }
    found = await api.data(who.member, ANYWHERE, **variables)
    assert customer_gid(customer.id) in json.dumps(found)
    return json.dumps(found, ensure_ascii=False)


async def test_what_a_colleague_holds_tells_its_contact_nowhere(
    api: Client, office: Office
) -> None:
    pool, li, han = await office.pool(masked=[]), await office.person(), await office.person()
    customer = await tencent(office, pool)
    await claims.claim(li, [customer.id])
    await follow_ups.log_follow_up(li, customer.id, "CALL", "张三丰说打 13812345678")
    fields = {"phone": "13900009999", "email": "zhang@x.cn"}
    await update_customer(li, customer.id, fields)
    told = await anywhere(api, han, customer)
    for secret in (*SECRETS, "13900009999", "139****9999", "zhang", "138****5678"):
        assert secret not in told


async def test_what_is_pooled_is_masked_everywhere(api: Client, office: Office) -> None:
    pool = await office.pool(masked=["PERSON", "PHONE", "EMAIL"])
    li, han = await office.person(), await office.person()
    customer = await tencent(office, pool)
    await claims.claim(li, [customer.id])
    await follow_ups.log_follow_up(li, customer.id, "CALL", "谈了报价")
    await update_customer(li, customer.id, {"phone": "13900009999"})
    await releases.give_back(li, customer.id, "没有需求")
    for who in (li, han, await office.person(role="MANAGER"), await office.admin()):
        told = await anywhere(api, who, customer)
        assert "139****9999" in told
        for secret in (*SECRETS, "13900009999", "00009999"):
            assert secret not in told


async def test_an_alert_shows_a_contact_no_longer_than_the_customer_is_held(
    api: Client, office: Office
) -> None:
    pool, boss = await office.pool(masked=["PHONE"]), await office.person(role="MANAGER")
    li, han = await office.person(), await office.person()
    customer = await tencent(office, pool)
    await claims.assign(boss, customer.id, li.id)
    document = f"{{ viewer {{ alerts {{ nodes {{ kind customer {{ {CONTACT} }} }} }} }} }}"

    async def told() -> list[Any]:
        found = await ask(api, li, document)
        return [each["customer"]["contact"]["phone"] for each in found["alerts"]["nodes"]]

    assert await told() == ["13812345678"]
    await releases.give_back(li, customer.id, "没有需求")
    assert await told() == ["138****5678", "138****5678"]
    await claims.claim(han, [customer.id])
    assert await told() == [None, None]
    assert await inbox.unread(await office.viewer(li.id)) == 2


IN_POOL = """query ($pool: ID!, $term: String!) { pool(id: $pool) {
  customers(search: $term) { totalCount nodes { id } } } }"""
HELD = """query ($member: ID!, $term: String!) { node(id: $member) { ... on Member {
  privatePool { customers(search: $term) { totalCount nodes { id } } } } } }"""
NOBODY: Any = {"totalCount": 0, "nodes": []}


def only(customer: Customer) -> Any:
    return {"totalCount": 1, "nodes": [{"id": customer_gid(customer.id)}]}


async def in_pool(api: Client, who: Viewer, pool: Pool, term: str) -> Any:
    return (await ask(api, who, IN_POOL, pool=gid("Pool", pool.id), term=term))["customers"]


async def held(api: Client, who: Viewer, owner: Viewer, term: str) -> Any:
    found = await ask(api, who, HELD, member=gid("Member", owner.id), term=term)
    return found["privatePool"]["customers"]


async def of_another_pool(office: Office) -> Viewer:
    """Sees colleagues' private pools, but administers none of the test's pools."""
    han, other = await office.person(), await office.pool()
    await access.set_access(await office.admin(), other.id, [], [], [han.id])
    return await office.viewer(han.id)


@pytest.mark.parametrize(
    "term",
    [
        "13812345678",
        "138 1234-5678",
        "+8613812345678",
        "5678",
        "138",
        "张三丰",
        "LI.lei",
        "x.cn",
        "l",
    ],
)
async def test_a_contact_is_found_by_those_alone_who_may_see_it(
    api: Client, office: Office, term: str
) -> None:
    """In the pool by nobody, not even where nothing is masked: a number tells whose it is."""
    pool, li = await office.pool(masked=[]), await office.person()
    han = await of_another_pool(office)
    boss, admin = await office.person(role="MANAGER"), await office.admin()
    customer = await tencent(office, pool)
    for who in (li, boss, admin):
        assert await in_pool(api, who, pool, term) == NOBODY
    await claims.claim(li, [customer.id])
    for who in (li, boss, admin):
        assert await held(api, who, li, term) == only(customer)
    assert await held(api, han, li, term) == NOBODY
    assert await held(api, han, li, "腾讯") == only(customer)


@pytest.mark.parametrize("term", ["13", "13812345679", "5678138", "张四", "+86", "---", "@x.com"])
async def test_another_term_finds_no_contact(api: Client, office: Office, term: str) -> None:
    pool, li = await office.pool(), await office.person()
    customer = await tencent(office, pool)
    await claims.claim(li, [customer.id])
    assert await held(api, li, li, term) == NOBODY


@pytest.mark.parametrize(
    "term", ["13824680001", "2468", "138", "0001", "三138", "li", "010", "8765"]
)
async def test_a_name_is_not_found_by_the_contacts_in_it(
    api: Client, office: Office, term: str
) -> None:
    """Nor by what the masked name still shows of them."""
    pool, li = await office.pool(), await office.person()
    han = await of_another_pool(office)
    name = "张三138 2468 0001 李四 li.lei@x.cn，010-87654321"
    await csv_import.import_customers(
        await office.admin(), pool.id, f'name\n"{name}"\n王五13913570002'
    )
    customer = await Customer.get(organization_id=office.id, name=name)
    for who in (li, await office.admin()):
        assert await in_pool(api, who, pool, term) == NOBODY
        assert await in_pool(api, who, pool, "李四") == only(customer)
        assert await in_pool(api, who, pool, "张三") == only(customer)
    await claims.claim(li, [customer.id])
    assert await held(api, han, li, term) == NOBODY
    assert await held(api, han, li, "张三") == only(customer)
    assert await held(api, li, li, term) == only(customer)


async def test_a_pool_that_masks_nothing_finds_names_by_all_of_them(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(masked=["PERSON"]), await office.person()
    await csv_import.import_customers(await office.admin(), pool.id, "name\n张三13824680001")
    customer = await Customer.get(organization_id=office.id, name="张三13824680001")
    assert await in_pool(api, li, pool, "2468") == only(customer)


async def test_a_duplicate_tells_no_more_than_that_it_is_one(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    customer = await tencent(office, pool)
    await claims.claim(li, [customer.id])
    other = await office.customer(pool)
    await ask(api, han, CLAIM, customer=customer_gid(other))
    document = f"""mutation ($id: ID!, $customer: CustomerChanges!) {{
      updateCustomer(customerId: $id, customer: $customer) {{
        ... on DuplicateFound {{ message duplicates {{
          matchedOn standing customer {{ id {CONTACT} }} }} }} }} }}"""
    wanted = {"name": "别的名字", "phone": "+86 138 1234 5678"}
    found = await ask(api, han, document, id=customer_gid(other), customer=wanted)
    assert found == {
        "message": "This customer is already registered: the same phone.",
        "duplicates": [{"matchedOn": ["PHONE"], "standing": "HELD_BY_COLLEAGUE", "customer": None}],
    }
    assert (await row(other)).phone is None
    await ask(api, li, RELEASE, customer=customer_gid(customer.id))
    found = await ask(api, han, document, id=customer_gid(other), customer=wanted)
    assert found["duplicates"] == [
        {
            "matchedOn": ["PHONE"],
            "standing": "IN_POOL",
            "customer": {"id": customer_gid(customer.id), "contact": MASKED},
        }
    ]
