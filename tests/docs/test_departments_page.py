"""Every example of docs/departments.md runs as it stands and answers as the page shows."""

from datetime import UTC, datetime, timedelta

from models.organizations import members
from models.organizations.members import MemberFields
from models.ownership import claims
from schema.base import ids
from tests.docs.pages import Page
from tests.support.asking import ask, gid
from tests.support.running import Client
from tests.support.samples import found

EXAMPLES = (PAGE := Page("docs/departments.md")).examples


async def test_a_tree_is_made_moved_and_listed(api: Client) -> None:
    office = await found()
    admin, lead = await office.admin(), gid("Member", (await office.person("王芳")).id)
    east = (await ask(api, admin, EXAMPLES["make"], name="华东", lead=lead))["department"]
    assert (east["name"], east["parent"], east["lead"]) == ("华东", None, {"name": "王芳"})
    one = (await ask(api, admin, EXAMPLES["make"], name="一部"))["department"]
    moved = {"department": one["id"], "name": "华东一部", "parent": east["id"]}
    answer = (await ask(api, admin, EXAMPLES["move"], **moved))["department"]
    assert answer == {"name": "华东一部", "parent": {"name": "华东"}}
    listed = (await ask(api, admin, EXAMPLES["tree"]))["departments"]
    assert listed == [
        {"name": "华东", "parent": None, "lead": {"name": "王芳"}},
        {"name": "华东一部", "parent": {"name": "华东"}, "lead": None},
        {"name": "销售部", "parent": None, "lead": None},
    ]
    circle = {"department": east["id"], "name": "华东", "parent": one["id"]}
    problems = (await ask(api, admin, EXAMPLES["move"], **circle))["problems"]
    assert [each["path"] for each in problems] == ["parentId"]


async def test_a_lead_asks_for_their_people_and_nobody_else(api: Client) -> None:
    office = await found()
    pool, admin, lead = await office.pool(), await office.admin(), await office.person("王芳")
    given = {"name": "华东", "lead": gid("Member", lead.id)}
    east = (await ask(api, admin, EXAMPLES["make"], **given))["department"]["id"]
    below = {"name": "一部", "parent": east}
    one = (await ask(api, admin, EXAMPLES["make"], **below))["department"]["id"]
    li, other = await office.person("李雷"), await office.person("韩梅梅")
    mine, theirs = await office.customers(pool, 2)
    await claims.claim(li, [mine])
    await claims.claim(other, [theirs])
    fields = MemberFields("李雷", li.member.email, "SALES", ids.decode(one, "Department"))
    await members.save(admin, li.id, fields)
    assert await ask(api, lead, EXAMPLES["led"]) == [{"id": east, "name": "华东"}]
    assert await ask(api, li, EXAMPLES["led"]) == []
    people = (await ask(api, lead, EXAMPLES["people"], department=east))["nodes"]
    assert people == [{"name": "李雷", "department": {"name": "一部"}, "privatePool": {"held": 1}}]
    now = datetime.now(UTC)
    period = {"from": (now - timedelta(days=1)).isoformat(), "to": now.isoformat()}
    asked = {"pool": gid("Pool", pool.id), "department": east}
    counted = await ask(api, lead, EXAMPLES["report"], **asked, **period)
    member = {"member": {"name": "李雷"}, "claims": 1, "deals": 0, "held": 1}
    assert counted == {"claims": 1, "deals": 0, "members": [member]}


def test_every_example_of_the_page_is_run_here() -> None:
    assert PAGE.not_run_by(__file__) == set()
