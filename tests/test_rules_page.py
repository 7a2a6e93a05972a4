"""Every example of docs/rules.md runs as it stands."""

import re
from dataclasses import replace
from typing import Any

from models import pools, releases, replay
from models.rules import Rules
from tests.models.samples import found, time_passes
from tests.running import ROOT, Client
from tests.schema.asking import ask, gid

PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
EXAMPLES = {
    name: text
    for text, name in re.findall(r"```graphql\n((?:query|mutation) (\w+).*?)```", PAGE, re.DOTALL)
}


async def test_the_examples_of_a_holding_answer_what_the_page_says(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海", deal_within="P10D", lock_limit=1, extension_limit="P30D")
    li, admin, id = await office.person("李雷"), await office.admin(), gid("Pool", pool.id)
    registered = await ask(api, li, EXAMPLES["register"], pool=id)
    customer = {"customer": registered["customer"]["id"]}
    assert registered["customer"]["holding"]["release"]["reason"] == "NO_DEAL"
    again = await ask(api, admin, EXAMPLES["register"], pool=id)
    assert again["duplicates"] == [
        {"matchedOn": ["NAME", "PHONE"], "standing": "HELD_BY_COLLEAGUE"}
    ]
    name = {"name": "深圳市腾讯计算机系统有限公司"}
    alike = {"matchedOn": [], "standing": "HELD_BY_YOU", "customer": name}
    assert await ask(api, li, EXAMPLES["duplicates"]) == [alike]
    locked = await ask(api, li, EXAMPLES["lock"], **customer)
    assert locked["customer"]["holding"] == {"locked": True, "release": None}
    unlocked = await ask(api, li, EXAMPLES["unlock"], **customer)
    assert unlocked["customer"]["holding"] == {"locked": False}
    asked = await ask(api, li, EXAMPLES["extend"], **customer)
    waiting = (await ask(api, admin, EXAMPLES["waiting"], pool=id))["extensions"]["nodes"]
    assert waiting == [{"id": asked["id"], "by": "P7D", "reason": "客户下周开会", "customer": name}]
    decided = await ask(api, admin, EXAMPLES["decide"], extension=asked["id"])
    assert (decided["status"], decided["note"]) == ("APPROVED", "最后一次")
    assert await replay.differences() == []


async def test_the_examples_of_undo_and_leavers_answer_what_the_page_says(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海", max_hold="P10D")
    li, id = await office.person("李雷"), gid("Pool", pool.id)
    await ask(api, li, EXAMPLES["register"], pool=id)
    await time_passes("10 days")
    assert await releases.release_due() == 1
    admin = await office.admin()
    mended = replace(Rules.from_json(pool.rules_json), max_hold=None)
    await pools.change_rules(admin, pool.id, mended)
    nothing: dict[str, Any] = {"claimedMeanwhileCount": 0, "claimedMeanwhile": [], "ownerLeft": 0}
    undone = await ask(api, admin, EXAMPLES["undo"], pool=id)
    assert undone == nothing | {"__typename": "ReleasesUndone", "count": 1, "overCapacity": []}
    left = await ask(api, admin, EXAMPLES["leave"], member=gid("Member", li.id))
    assert left["released"] == 1
    where = {"name": "深圳市腾讯计算机系统有限公司", "pool": {"name": "公海"}}
    assert left["customers"] == {"totalCount": 1, "nodes": [where]}
    assert await replay.differences() == []


def test_no_example_of_the_page_is_left_out() -> None:
    assert len(EXAMPLES) == PAGE.count("```graphql") == 9
