"""Every example of docs/escalation.md runs as it stands and answers as the page shows."""

import re
from typing import Any

from models.customers import csv_import
from models.ledger import replay
from models.ownership import claims
from models.ownership.drain import release_due
from models.pools.escalation import escalate_due
from models.tables import Customer
from tests.docs.pages import Page, undated
from tests.support.asking import ask, customer_gid, gid, said
from tests.support.running import Client
from tests.support.samples import found, row, time_passes
from tests.support.zones import zone_where_it_is

PAGE = Page("docs/escalation.md")
EXAMPLES = PAGE.examples
ALERTS, RISKS = PAGE.answers
NAME = "深圳云帆科技有限公司"


async def test_the_examples_of_comments_answer_what_the_page_says(api: Client) -> None:
    office = await found()
    pool, li = await office.pool("公海", follow_up_within="P5D"), await office.person("李雷")
    admin = await office.admin()
    await csv_import.import_customers(admin, pool.id, f"name\n{NAME}")
    customer = await Customer.get(name=NAME)
    await claims.claim(li, [customer.id])
    at = {"customer": customer_gid(customer.id)}
    answer = await ask(api, admin, EXAMPLES["comment"], **at)
    assert answer == {"__typename": "Commented", "customer": {"id": customer_gid(customer.id)}}
    (event, *_) = (await ask(api, li, EXAMPLES["comments"], **at))["history"]["nodes"]
    actor = {"name": admin.member.name}
    assert event == {"action": "COMMENTED", "reason": "报价了吗？周五前给客户答复", "actor": actor}
    alerts = (await said(api, li, "zh-CN", EXAMPLES["alerts"]))["data"]["viewer"]["alerts"]["nodes"]
    assert undated(alerts) == ALERTS
    assert await replay.differences() == []


async def test_the_examples_of_what_is_at_risk_answer_what_the_page_says(api: Client) -> None:
    office = await found(time_zone=zone_where_it_is(12))
    pool, li, admin = await office.pool("公海"), await office.person("李雷"), await office.admin()
    saved = await ask(api, admin, EXAMPLES["escalate"], pool=gid("Pool", pool.id))
    assert saved["pool"] == {"rules": {"escalateBefore": "P3D"}}
    for name in ("云帆科技", "天海贸易"):
        await csv_import.import_customers(admin, pool.id, f"name\n{name}")
        await claims.claim(li, [(await Customer.get(name=name)).id])
    await time_passes("28 days")
    assert (await escalate_due(), await escalate_due()) == (1, 0)
    answer = (await said(api, admin, "zh-CN", EXAMPLES["risks"]))["data"]["viewer"]
    assert [zoneless(each) for each in undated(answer["alerts"]["nodes"])] == [
        zoneless(each) for each in RISKS
    ]


def zoneless(alert: dict[str, Any]) -> dict[str, Any]:
    return alert | {"message": re.sub(r"（UTC.*?）", "", alert["message"])}


async def test_the_example_of_another_pool_sends_releases_there(api: Client) -> None:
    office = await found()
    team, company, li = await office.pool(), await office.pool(), await office.person()
    (id,) = await office.customers(team, 1)
    given = {"pool": gid("Pool", team.id), "company": gid("Pool", company.id)}
    saved = await ask(api, await office.admin(), EXAMPLES["sink"], **given)
    assert saved["pool"] == {"rules": {"releaseTo": given["company"]}}
    await claims.claim(li, [id])
    await time_passes("30 days")
    assert await release_due() == 1
    assert (await row(id)).pool_id == company.id
    assert await replay.differences() == []


def test_every_example_of_the_page_is_run_here() -> None:
    assert PAGE.not_run_by(__file__) == set()
