"""Nobody harvests: guesses find no more contacts than a day's look-ups."""

import asyncio
import re
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.customers import csv_import
from models.duplicates.day_budget import left_today
from models.ownership import claims, releases
from models.pools import access
from models.refusals import InvalidInput, TooManyLookups
from models.tables import Customer, Event, Organization, Pool
from models.viewers import Viewer
from tests.support.asking import IMPORT, ask, customer_gid, gid, refused, said, whole
from tests.support.running import Client
from tests.support.samples import Office, refusal, time_passes

REGISTER = f"""mutation ($customer: CustomerInput!, $pool: ID!) {{
  registerCustomer(customer: $customer, poolId: $pool) {{ {whole("RegisterResult")} }} }}"""
UPDATE = f"""mutation ($id: ID!, $changed: CustomerChanges!) {{
  updateCustomer(customerId: $id, customer: $changed) {{ {whole("CustomerResult")} }} }}"""
DUPLICATES = "query ($customer: CustomerInput!) { duplicates(customer: $customer) { matchedOn } }"
MISSES = "{ organization { manyMisses { misses at message member { id } } } }"
TOLD = (
    r"李雷 looked up 20 values until \d\d? \w+ 2\d{3}, \d\d:\d\d:\d\d \(UTC\+8\)"
    r" that no customer has\. They may be guesses\."
)
HIDDEN = "13812345678"


async def limited(office: Office, per_hour: int) -> None:
    await Organization.filter(id=office.id).update(lookup_limit=per_hour)


async def of_another(office: Office) -> tuple[Pool, Viewer]:
    """A customer with a masked number in the pool; and who administers another pool alone."""
    masked, own, li = await office.pool(), await office.pool(), await office.person()
    await csv_import.import_customers(
        await office.admin(), masked.id, f"name,phone\n腾讯科技,{HIDDEN}"
    )
    await access.set_access(await office.admin(), own.id, [], [], [li.id])
    return own, await office.viewer(li.id)


def guesses(count: int) -> str:
    rows = [f"客户{n},138{n:04}5678" for n in range(count)]
    return "\n".join(["name,phone", *rows])


async def test_an_hour_after_another_the_day_ends_the_guesses(api: Client, office: Office) -> None:
    await limited(office, 2)
    li, answered = await office.person(), 0
    for _ in range(8):
        for _ in range(3):
            guess = {"name": "猜", "phone": f"138{answered:04}5678"}
            answer = await api.graphql(li.member, DUPLICATES, customer=guess)
            if "errors" in answer:
                assert answer["errors"][0]["extensions"]["code"] == "TOO_MANY_LOOKUPS"
            else:
                answered += 1
        await time_passes("1 hour")
    assert answered == 10
    await time_passes("24 hours")
    for _ in range(2):
        assert await ask(api, li, DUPLICATES, customer={"name": "猜"}) == []


async def test_all_answers_that_tell_of_a_key_share_a_days_look_ups(
    api: Client, office: Office
) -> None:
    pool, li = await of_another(office)
    await limited(office, 1)
    registered = {"name": "第一家", "phone": "13900000001"}
    answer = await ask(api, li, REGISTER, customer=registered, pool=gid("Pool", pool.id))
    id = answer["customer"]["id"]
    for phone in ("13900000002", "13900000003"):
        changed = {"phone": phone}
        answer = await ask(api, li, UPDATE, id=id, changed=changed)
        assert answer["__typename"] == "CustomerSaved"
    answer = await ask(api, li, UPDATE, id=id, changed={"phone": HIDDEN})
    assert answer["__typename"] == "DuplicateFound"
    await time_passes("1 hour")
    assert await left_today(li) == 1
    await ask(api, li, DUPLICATES, customer={"name": "猜"})
    await time_passes("1 hour")
    error = await refused(api, li, DUPLICATES, customer={"name": "猜"})
    assert error["code"] == "TOO_MANY_LOOKUPS"
    new = {"customer": {"name": "第二家"}, "pool": gid("Pool", pool.id)}
    assert (await ask(api, li, REGISTER, **new))["__typename"] == "TooManyLookups"
    answer = await ask(api, li, UPDATE, id=id, changed={"phone": "13900000004"})
    assert answer["__typename"] == "TooManyLookups"
    for csv in (f"name,phone\n猜,{HIDDEN}", "name\n没有这家"):
        error = await refused(api, li, IMPORT, pool=gid("Pool", pool.id), csv=csv)
        assert error["code"] == "TOO_MANY_LOOKUPS"
    answer = await ask(api, li, UPDATE, id=id, changed={"level": "A"})
    assert answer["__typename"] == "CustomerSaved"


async def test_a_file_of_guesses_tells_no_number(office: Office) -> None:
    pool, li = await of_another(office)
    refused = await refusal(csv_import.import_customers(li, pool.id, guesses(10_000)))
    assert isinstance(refused, InvalidInput)
    assert [each.path for each in refused.problems] == ["csv"]
    assert await Customer.filter(pool_id=pool.id).count() == 0
    assert await left_today(li) == 299


async def test_a_small_file_names_its_duplicates_and_costs_its_keys(office: Office) -> None:
    pool, li = await of_another(office)
    text = f"name,phone\n甲,13900000001\n乙,{HIDDEN}"
    refused = await refusal(csv_import.import_customers(li, pool.id, text))
    assert isinstance(refused, InvalidInput)
    assert [each.path for each in refused.problems] == ["csv.3.phone"]
    assert await left_today(li) == 296
    await time_passes("24 hours")
    assert await left_today(li) == 300
    await refusal(csv_import.import_customers(li, pool.id, text))
    assert await left_today(li) == 296


async def test_a_row_of_a_visible_customer_is_refused_whatever_is_hidden(office: Office) -> None:
    pool, li = await of_another(office)
    assert await csv_import.import_customers(li, pool.id, "name\n自己的") == 1
    for rest in ("", f"猜,{HIDDEN}\n", guesses(2_000).partition("\n")[2]):
        text = f"name,phone\n自己的,\n{rest}"
        refused = await refusal(csv_import.import_customers(li, pool.id, text))
        assert isinstance(refused, InvalidInput)
        assert [each.path for each in refused.problems] == ["csv.2.name"]
    assert await left_today(li) == 300


async def test_a_file_without_duplicates_costs_nothing(office: Office) -> None:
    pool, li = await of_another(office)
    text = "\n".join(["name,phone", *(f"公司{n},1390000{n:04}" for n in range(1_000))])
    assert await csv_import.import_customers(li, pool.id, text) == 1_000
    assert await left_today(li) == 300


async def test_an_admin_is_told_of_every_row_and_has_no_days_limit(
    api: Client, office: Office
) -> None:
    pool, _ = await of_another(office)
    admin = await office.admin()
    await limited(office, 1)
    for _ in range(3):
        refused = await refusal(csv_import.import_customers(admin, pool.id, guesses(2_000)))
        assert isinstance(refused, InvalidInput)
        assert [each.path for each in refused.problems] == ["csv.1236.phone"]
    for n in range(8):
        new = {"customer": {"name": f"第{n}家"}, "pool": gid("Pool", pool.id)}
        assert (await ask(api, admin, REGISTER, **new))["__typename"] == "Claimed"


async def test_changes_of_ones_own_customer_are_guesses_too(api: Client, office: Office) -> None:
    pool, li = await of_another(office)
    await limited(office, 2)
    new = {"customer": {"name": "自己的"}, "pool": gid("Pool", pool.id)}
    id = (await ask(api, li, REGISTER, **new))["customer"]["id"]
    kinds = [
        (await ask(api, li, UPDATE, id=id, changed={"phone": f"1390000{n:04}"}))["__typename"]
        for n in range(12)
    ]
    assert kinds == ["CustomerSaved"] * 9 + ["TooManyLookups"] * 3


async def test_admins_are_told_once_a_day_of_many_misses(api: Client, office: Office) -> None:
    await limited(office, 12)
    li, han = await office.person("李雷"), await office.person()
    for n in range(24):
        if n % 12 == 0:
            await time_passes("1 hour")
        await ask(api, li, DUPLICATES, customer={"name": f"猜{n}"})
        if n < 19:
            assert not await Event.filter(action="LOOKUPS_MISSED").exists()
    await ask(api, han, DUPLICATES, customer={"name": "没有这家"})
    (event,) = await Event.filter(action="LOOKUPS_MISSED")
    assert (event.actor_id, event.details["misses"]) == (li.id, 20)
    admin = await office.admin()
    (told,) = (await ask(api, admin, MISSES))["manyMisses"]
    assert (told["member"]["id"], told["misses"]) == (gid("Member", li.id), 20)
    assert re.fullmatch(TOLD, told["message"])
    answer = await said(api, admin, "zh", MISSES)
    (told,) = answer["data"]["organization"]["manyMisses"]
    assert "李雷 查重的 20 个值都不属于任何客户" in told["message"]
    for who in (li, await office.person(role="MANAGER")):
        assert (await refused(api, who, MISSES))["code"] == "Forbidden"
    await time_passes("24 hours")
    for n in range(20):
        if n == 12:
            await time_passes("1 hour")
        await ask(api, li, DUPLICATES, customer={"name": f"猜{n}"})
    assert await Event.filter(action="LOOKUPS_MISSED").count() == 2


async def test_what_is_found_is_no_miss(api: Client, office: Office) -> None:
    pool, li = await of_another(office)
    await ask(api, li, DUPLICATES, customer={"name": "腾讯科技"})
    await ask(api, li, REGISTER, customer={"name": "新的"}, pool=gid("Pool", pool.id))
    assert await database.rows("SELECT misses, today FROM lookup") == [{"misses": 0, "today": 2}]


async def named(pool: Pool, office: Office, *names: str) -> list[UUID]:
    await csv_import.import_customers(await office.admin(), pool.id, "\n".join(["name", *names]))
    rows = await Customer.filter(pool_id=pool.id).order_by("id")
    assert [row.name for row in rows] == list(names)
    return [row.id for row in rows]


LIST = """query (
  $pool: ID!, $order: PoolOrder!, $after: Cursor, $search: String, $first: Int! = 20
) {
  pool(id: $pool) { customers(orderBy: $order, after: $after, search: $search, first: $first) {
    totalCount nodes { id name } pageInfo { endCursor } } } }"""


@pytest.mark.parametrize("order", ["NAME", "OPENED_LATEST", "OPENED_EARLIEST"])
async def test_an_order_and_its_cursors_tell_nothing_masked(
    api: Client, office: Office, order: str
) -> None:
    pool, li = await office.pool(), await office.person()
    ids = await named(pool, office, "客户 13899995678", "客户 13800005678", "客户 13855555678")
    given: dict[str, Any] = {"pool": gid("Pool", pool.id), "order": order}
    page = (await ask(api, li, LIST, **given))["customers"]
    assert {each["name"] for each in page["nodes"]} == {"客户 138****5678"}
    wanted = [customer_gid(id) for id in ids]
    if order == "OPENED_LATEST":
        wanted.reverse()
    assert [each["id"] for each in page["nodes"]] == wanted
    seen, after = [], None
    for _ in range(3):
        page = (await ask(api, li, LIST, **given, first=1, after=after))["customers"]
        seen += [each["id"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == wanted


async def test_a_search_counts_nothing_masked(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    text = "name,phone,email\n客户 13899995678,13899995678,li.lei@x.cn"
    await csv_import.import_customers(await office.admin(), pool.id, text)
    given = {"pool": gid("Pool", pool.id), "order": "NAME"}
    for term in ("9999", "13899995678", "1389999", "99995678", "lei@x", "li.lei", "9999 5678"):
        page = (await ask(api, li, LIST, **given, search=term))["customers"]
        assert (page["totalCount"], page["nodes"]) == (0, []), term


async def test_a_history_and_its_reasons_tell_nothing_masked(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "打 13899995678 没人接，邮箱 li.lei@x.cn")
    text = """query ($id: ID!) { customer(id: $id) { history { nodes { reason action } }
      followUps { nodes { note } } } }"""
    answer = await ask(api, han, text, id=customer_gid(id))
    (reason,) = [each["reason"] for each in answer["history"]["nodes"] if each["reason"]]
    assert reason == "打 138****5678 没人接，邮箱 l*****@x.cn"


async def test_many_at_once_share_what_is_left_of_the_day(office: Office) -> None:
    pool, li = await of_another(office)
    await limited(office, 2)
    text = f"name,phone\n甲,13900000001\n乙,{HIDDEN}\n丙,13900000003"
    act = csv_import.import_customers
    answers = await asyncio.gather(*(refusal(act(li, pool.id, text)) for _ in range(6)))
    told = [a for a in answers if isinstance(a, InvalidInput) and a.problems[0].path != "csv"]
    # Three names and three numbers cost six of the day's ten.
    assert len(told) == 1
    assert {type(each) for each in answers} <= {InvalidInput, TooManyLookups}
