"""Every example of docs/distribution.md runs as it stands and answers as the page says."""

from datetime import datetime, timedelta

from models.distribution.rounds import Rounds
from models.ledger import replay
from models.ownership import claims
from tests.docs.pages import Page
from tests.support.asking import ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import found, row

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


async def test_the_page_says_what_an_absence_does(api: Client) -> None:
    office = await found()
    pool = await office.pool(follow_up_within="P5D", absence_stops_clock=True, reminders=[])
    li, id = await office.person("李雷"), await office.customer(pool)
    await claims.claim(li, [id])
    claimed = await row(id)
    assert claimed.release_at
    first = li.organization.calendar.day_of(li.asked_at) + timedelta(days=1)
    last = first + timedelta(days=2)
    who = {"member": gid("Member", li.id), "from": str(first)}
    days = {"from": str(first), "to": str(last)}
    away = await ask(api, li, EXAMPLES["away"], **who, to=str(last))
    assert away == {"member": {"name": "李雷", "absences": [days]}}
    why = await ask(api, li, EXAMPLES["why"], customer=customer_gid(id))
    (condition,) = why["holding"]["release"]["conditions"]
    at = datetime.fromisoformat(condition["at"])
    assert at == claimed.release_at + timedelta(days=3)
    (shown,) = PAGE.answers
    (told,) = shown["customer"]["holding"]["release"]["conditions"]
    words = told["remedy"].replace("FIRST", str(first)).replace("LAST", str(last))
    assert condition["remedy"] == words
    assert await replay.differences() == []
    assert await ask(api, li, EXAMPLES["back"], **who) == {"member": {"absences": []}}
    assert (await row(id)).release_at == claimed.release_at
    assert await replay.differences() == []


def test_every_example_is_run() -> None:
    assert PAGE.not_run_by(__file__) == set()
