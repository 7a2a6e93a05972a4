"""Every example of docs/distribution.md runs as it stands and answers as the page says."""

from models.distribution.rounds import Rounds
from models.ledger import replay
from tests.docs.pages import Page
from tests.support.asking import ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import found

PAGE = Page("docs/distribution.md")
EXAMPLES = PAGE.examples


async def test_the_page_deals_customers_out_and_shows_it(api: Client) -> None:
    office = await found()
    pool, admin, li = await office.pool(), await office.admin(), await office.person("李雷")
    assert office.department_id
    where = {"pool": gid("Pool", pool.id)}
    (first, *_) = await office.customers(pool, 60)
    assert await ask(api, admin, EXAMPLES["foresee"], **where) == {"held": 0, "dealtAtOnce": 50}
    department = {"department": gid("Department", office.department_id)}
    saved = await ask(api, admin, EXAMPLES["deal"], **where, **department)
    assert saved["pool"]["rules"]["distribution"] == {
        "strategy": "IN_TURN",
        "quota": 20,
        "after": "PT0S",
        "members": [],
        "departments": [{"name": "销售部"}],
    }
    assert await Rounds()() == 20
    told = (await ask(api, li, EXAMPLES["history"], customer=customer_gid(first)))["history"]
    assert told["nodes"][0] == {
        "action": "ASSIGNED",
        "reason": "DEALT_OUT",
        "actor": None,
        "member": {"name": "李雷"},
    }
    assert await replay.differences() == []


def test_every_example_is_run() -> None:
    assert PAGE.not_run_by(__file__) == set()
