"""Deals through HTTP: what counts as one."""

from typing import Any

import pytest

from models.ownership import claims
from tests.support.asking import DEAL, ask, customer_gid
from tests.support.running import Client
from tests.support.samples import Office, row, story


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
