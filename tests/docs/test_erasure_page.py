"""The examples of docs/erasure.md run as they stand and answer as the page shows."""

import json

from models.holding import follow_ups
from models.ownership import claims
from tests.docs.pages import Page, undated
from tests.support.asking import gid
from tests.support.running import Client
from tests.support.samples import found

PAGE = Page("docs/erasure.md")
EXAMPLES = PAGE.examples


async def test_the_examples_answer_as_the_page_shows(api: Client) -> None:
    office = await found()
    pool, li, admin = await office.pool(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.log_follow_up(li, id, "CALL", "谈了报价")
    customer = gid("Customer", id)
    answers = [
        undated(await api.data(who.member, EXAMPLES[name], customer=customer))
        for who, name in ((admin, "Erase"), (li, "History"))
    ]
    assert answers == PAGE.answers
    exported = await api.data(admin.member, EXAMPLES["Export"], customer=customer)
    assert json.loads(exported["exportCustomer"]["json"])["customers"][0]["name"] == "Erased"
