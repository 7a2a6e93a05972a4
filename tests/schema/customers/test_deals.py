"""Deals through HTTP: what counts as one, and for how long."""

from typing import Any
from uuid import UUID

import pytest

from models.ownership import claims
from models.viewers import Viewer
from tests.support.asking import DEAL, ask, customer_gid, gid, said
from tests.support.running import Client
from tests.support.samples import Office, row, story

RULES = """mutation ($pool: ID!, $rules: RulesInput!) {
  updatePoolRules(poolId: $pool, rules: $rules) { ... on PoolSaved { pool { rules { wonFor } } }
    ... on InvalidInput { problems { path message } } } }"""
WHY = """query ($id: ID!) { customer(id: $id) { holding { wonAt release {
  at reason conditions { reason at remedy } } } } }"""


async def test_the_end_of_a_contract_is_a_rule_and_its_remedy_a_further_deal(
    api: Client, office: Office
) -> None:
    pool = await office.pool()
    li, admin, id = await office.person(), await office.admin(), await office.customer(pool)
    given: dict[str, Any] = {
        "pool": gid("Pool", pool.id),
        "rules": {"wonFor": "P0D", "maxHold": "P20D"},
    }
    (problem,) = (await ask(api, admin, RULES, **given))["problems"]
    assert problem["path"] == "rules.wonFor"
    given["rules"] |= {"wonFor": "P30D"}
    assert (await ask(api, admin, RULES, **given))["pool"]["rules"] == {"wonFor": "P30D"}
    await claims.claim(li, [id])
    for unsigned, signed, language in (
        (
            "Record a signed deal before then: signed customers stay until their contract ends."
            " Follow-ups do not move this date.",
            "Record a further signed deal before then: the contract then counts from that deal.",
            "en",
        ),
        (
            "请在此之前登记签单，已签单的客户在合同到期前不开放；跟进不会改变这个日期。",
            "请在此之前再登记一次签单，合同期将从该次签单重新计算。",
            "zh-CN",
        ),
    ):
        another = await office.customer(pool)
        await claims.claim(li, [another])
        assert await conditions(api, li, another, language) == [("MAX_HOLD", unsigned)]
        await ask(api, li, DEAL, customer=customer_gid(another))
        assert await conditions(api, li, another, language) == [("CONTRACT_ENDED", signed)]


async def conditions(api: Client, who: Viewer, id: UUID, language: str) -> list[tuple[str, str]]:
    answer = (await said(api, who, language, WHY, id=customer_gid(id)))["data"]["customer"]
    release = answer["holding"]["release"]
    return [(each["reason"], each["remedy"]) for each in release["conditions"]]


@pytest.mark.parametrize("amount", [0, "0", "-0", "0.0000", "-0.01", -1, "-1280.50"])
async def test_a_deal_of_nothing_or_less_signs_nobody(
    api: Client, office: Office, amount: Any
) -> None:
    pool = await office.pool(deal_within="P10D")
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    before = await row(id)
    answer = await ask(api, li, DEAL, customer=customer_gid(id), amount=amount, key="签单")
    assert answer["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in answer["problems"]] == ["amount"]
    assert (await row(id)).won_at is None
    assert (await row(id)).release_at == before.release_at
    assert await story(id) == ["CREATED", "CLAIMED"]
