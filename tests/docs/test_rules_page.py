"""Every example of docs/rules.md runs as it stands and answers as the page shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from models import database
from models.customers import csv_import
from models.holding import reevaluation, reminders
from models.ledger import replay
from models.ownership import claims, releases
from models.ownership.drain import release_due
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.docs.pages import Page, undated
from tests.support.asking import DEAL, ask, customer_gid, gid, said
from tests.support.running import Client
from tests.support.samples import Office, found, row, time_passes

PAGE = Page("docs/rules.md")
EXAMPLES = PAGE.examples
WRONG, CLAIMABLE, WHY, INBOX, HANDED_OVER = PAGE.answers
NAME = "深圳云帆科技有限公司"
FOUR = ("云帆科技", "天海贸易", "北辰物流", "江南纺织")


async def in_chinese(api: Client, who: Viewer, document: str, **variables: Any) -> Any:
    (answer,) = (await said(api, who, "zh-CN", document, **variables))["data"].values()
    return answer


async def known(office: Office, pool: Pool, *rows: str) -> list[Customer]:
    """Import customers into the pool; each row is name,level."""
    csv = "\n".join(["name,level", *rows])
    await csv_import.import_customers(await office.admin(), pool.id, csv)
    return [await Customer.get(name=row.split(",")[0]) for row in rows]


async def test_two_customers_that_are_one_are_merged(api: Client) -> None:
    office = await found()
    pool, admin = await office.pool("公海"), await office.admin()
    keep, drop = await known(office, pool, "云帆科技,", "云帆软件,")
    given = {"keep": customer_gid(keep.id), "drop": customer_gid(drop.id)}
    merged = (await ask(api, admin, EXAMPLES["merge"], **given))["customer"]
    assert (merged["id"], merged["name"]) == (customer_gid(keep.id), "云帆科技")
    told = [(each["action"], each["reason"]) for each in merged["history"]["nodes"]]
    assert told == [("MERGED", "同一家公司"), ("CREATED", None), ("CREATED", None)]


async def test_a_change_of_rules_gives_grace_and_notifies_each_owner_once(
    api: Client,
) -> None:
    office = await found()
    pool = await office.pool("公海", max_hold="P90D", reminders=[])
    li, han, admin = await office.person("李雷"), await office.person(), await office.admin()
    plain, level_a, later = await known(office, pool, "云帆科技,", "天海贸易,A", "江南纺织,")
    await claims.claim(li, [plain.id, level_a.id])
    await time_passes("8 days")
    changed = (await ask(api, admin, EXAMPLES["change"], pool=gid("Pool", pool.id)))["pool"]
    assert changed == {"rulesVersion": 2, "rulesProgress": {"held": 2, "waiting": 0}}
    ruled_at = (await Pool.get(id=pool.id)).rules_changed_at
    plain, level_a = await row(plain.id), await row(level_a.id)
    assert level_a.claimed_at
    assert plain.release_at == ruled_at + timedelta(days=3)
    assert level_a.release_at == level_a.claimed_at + timedelta(days=15)
    assert (await reminders.remind_due(), await reminders.remind_due()) == (2, 0)
    await claims.claim(han, [later.id])
    later = await row(later.id)
    assert later.claimed_at
    assert later.release_at == later.claimed_at + timedelta(days=5)
    assert await replay.differences() == []


async def test_old_rules_release_no_customer_that_waits_for_new_ones(
    api: Client,
) -> None:
    office = await found()
    pool, li = await office.pool("公海", max_hold="P90D"), await office.person("李雷")
    await claims.claim(li, await office.customers(pool, 3))
    id = gid("Pool", pool.id)
    await ask(api, await office.admin(), EXAMPLES["change"], pool=id)
    # The state that a change leaves to the worker.
    await database.rows("UPDATE customer SET rules_version = 1, release_at = now()")
    waiting = await ask(api, li, EXAMPLES["progress"], pool=id)
    assert waiting == {"rulesVersion": 2, "rulesProgress": {"held": 3, "waiting": 3}}
    assert await release_due() == 0
    await reevaluation.reevaluate()
    done = await ask(api, li, EXAMPLES["progress"], pool=id)
    assert done["rulesProgress"] == {"held": 3, "waiting": 0}
    assert await replay.differences() == []


async def test_wrong_rules_are_named_as_the_page_lists_them(api: Client) -> None:
    office = await found()
    pool = await office.pool()
    answer = await ask(api, await office.admin(), EXAMPLES["wrong"], pool=gid("Pool", pool.id))
    assert answer["problems"] == WRONG
    assert (await Pool.get(id=pool.id)).rules_version == 1


async def test_the_calendar_moves_the_pools_that_count_working_days(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海", max_hold="P600D", working_days=True)
    plain = await office.pool("日历日", max_hold="P600D")
    li, admin = await office.person(), await office.admin()
    counted, other = await office.customer(pool), await office.customer(plain)
    await claims.claim(li, [counted, other])
    saved = (await ask(api, admin, EXAMPLES["days"]))["calendar"]
    assert saved == {
        "ownHolidays": ["2027-02-04", "2027-02-05"],
        "ownWorkingWeekends": ["2027-01-30"],
    }
    versions = [(await Pool.get(id=each.id)).rules_version for each in (pool, plain)]
    assert versions == [2, 1]
    calendar = (await ask(api, li, EXAMPLES["calendar"]))["calendar"]
    assert calendar["ownHolidays"] == saved["ownHolidays"]
    assert set(saved["ownHolidays"]) <= set(calendar["holidays"])
    assert set(saved["ownWorkingWeekends"]) <= set(calendar["workingWeekends"])
    provisional = [
        (await ask(api, li, EXAMPLES["forecast"], customer=customer_gid(id)))["holding"]["release"]
        for id in (counted, other)
    ]
    assert [each["provisional"] for each in provisional] == [True, False]
    assert await replay.differences() == []


async def test_texts_are_in_the_readers_language(api: Client) -> None:
    office = await found()
    pool = await office.pool(
        "公海",
        follow_up_within="P5D",
        max_hold="P30D",
        extension_limit="P7D",
        reclaim_cooldown="P5D",
        reminders=["P2D"],
    )
    li = await office.person("李雷")
    (customer,) = await known(office, pool, NAME + ",")
    at = {"customer": customer_gid(customer.id)}
    await claims.claim(li, [customer.id])
    why = await in_chinese(api, li, EXAMPLES["why"], **at)
    assert undated(why) == WHY
    assert why["holding"]["release"]["at"] == why["holding"]["release"]["conditions"][0]["at"]
    await time_passes("3 days 1 second")
    assert await reminders.remind_due() == 1
    inbox = (await in_chinese(api, li, EXAMPLES["inbox"]))["alerts"]["nodes"]
    assert undated(inbox) == INBOX
    await releases.give_back(li, customer.id, "没有需求")
    claimable = await in_chinese(api, li, EXAMPLES["claimable"], **at)
    assert undated(claimable) == CLAIMABLE
    until = datetime.fromisoformat(claimable["claimable"]["until"]) - datetime.now(UTC)
    assert timedelta(days=4, hours=23) < until < timedelta(days=5)
    english = await ask(api, li, EXAMPLES["claimable"], **at)
    assert english["claimable"]["message"].startswith(
        "You released or lost this customer recently;"
    )
    han = await office.person()
    colleague = await ask(api, han, EXAMPLES["claimable"], **at)
    assert undated(colleague)["claimable"] == {"__typename": "Claimable", "releaseAt": "…"}


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
    persons = await ask(api, admin, EXAMPLES["persons"])
    assert persons == {"organization": {"duplicateKeys": ["PHONE"]}}
    assert await ask(api, admin, EXAMPLES["lookups"]) == {"organization": {"lookupLimit": 100}}
    locked = await ask(api, li, EXAMPLES["lock"], **customer)
    assert locked["customer"]["holding"] == {"locked": True, "release": None}
    unlocked = await ask(api, li, EXAMPLES["unlock"], **customer)
    assert unlocked["customer"]["holding"] == {"locked": False}
    asked = await ask(api, li, EXAMPLES["extend"], **customer)
    waiting = (await ask(api, admin, EXAMPLES["waiting"], pool=id))["extensions"]["nodes"]
    assert waiting == [{"id": asked["id"], "by": "P7D", "reason": "客户下周开会", "customer": name}]
    decided = await ask(api, admin, EXAMPLES["decide"], extension=asked["id"])
    assert (decided["status"], decided["note"]) == ("APPROVED", "最后一次")
    held = await Customer.get(name=name["name"])
    assert held.claimed_at
    assert held.release_at == held.claimed_at + timedelta(days=17)
    for who in (li, admin):
        kinds = [
            each["kind"] for each in (await ask(api, who, EXAMPLES["inbox"]))["alerts"]["nodes"]
        ]
        assert kinds == ["EXTENSION_DECIDED"]
    assert await replay.differences() == []


async def test_the_examples_of_deals_answer_what_the_page_says(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海", deal_within="P10D", deal_approval=True, won_for="P365D")
    li, admin, id = await office.person("李雷"), await office.admin(), gid("Pool", pool.id)
    (customer,) = await known(office, pool, NAME + ",")
    await claims.claim(li, [customer.id])
    at = {"customer": customer_gid(customer.id)}
    assert (await ask(api, li, DEAL, **at))["__typename"] == "Held"
    waiting = (await ask(api, admin, EXAMPLES["unconfirmed"], pool=id))["unconfirmedDeals"]
    (node,) = waiting["nodes"]
    assert (waiting["totalCount"], node["name"], node["owner"]) == (1, NAME, {"name": "李雷"})
    assert node["holding"]["dealReportedAt"]
    confirmed = (await ask(api, admin, EXAMPLES["confirm"], **at))["customer"]["holding"]
    assert confirmed["release"]["reason"] == "CONTRACT_ENDED"
    signed_at, end = (
        datetime.fromisoformat(text) for text in (confirmed["wonAt"], confirmed["release"]["at"])
    )
    assert end - signed_at == timedelta(days=365)
    inboxes = [
        (await ask(api, who, EXAMPLES["inbox"]))["alerts"]["nodes"][0]["kind"]
        for who in (li, admin)
    ]
    assert inboxes == ["DEAL_DECIDED"] * 2
    assert await replay.differences() == []


async def test_the_examples_of_undo_and_leavers_answer_what_the_page_says(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海", max_hold="P10D")
    li, id = await office.person("李雷"), gid("Pool", pool.id)
    await ask(api, li, EXAMPLES["register"], pool=id)
    await time_passes("10 days")
    assert await release_due() == 1
    admin = await office.admin()
    mended = replace(pool.rules, max_hold=None)
    await pools.change_rules(admin, pool.id, mended)
    nothing: dict[str, Any] = {"claimedMeanwhileCount": 0, "claimedMeanwhile": [], "ownerLeft": 0}
    undone = await ask(api, admin, EXAMPLES["undo"], pool=id)
    assert undone == nothing | {"__typename": "ReleasesUndone", "count": 1, "overCapacity": []}
    versions = (await ask(api, admin, EXAMPLES["versions"], pool=id))["rulesVersions"]["nodes"]
    told = [
        (each["version"], each["savedBy"], each["rules"], each["undoneBy"]) for each in versions
    ]
    by = {"name": admin.member.name}
    assert told == [(2, by, {"maxHold": None}, None), (1, by, {"maxHold": "P10D"}, by)]
    left = await ask(api, admin, EXAMPLES["leave"], member=gid("Member", li.id))
    assert left["released"] == 1
    where = {"name": "深圳市腾讯计算机系统有限公司", "pool": {"name": "公海"}}
    assert left["customers"] == {"totalCount": 1, "nodes": [where]}
    returned = await ask(api, admin, EXAMPLES["return"], member=gid("Member", li.id))
    member = {"name": li.member.name, "active": True, "privatePool": {"held": 0}}
    assert returned == {"__typename": "MemberSaved", "member": member}
    assert await replay.differences() == []


async def test_the_example_of_a_hand_over_answers_what_the_page_says(api: Client) -> None:
    office = await found()
    pool = await office.pool("公海")
    li, han, wei = [await office.person(name) for name in ("李雷", "韩梅梅", "张伟")]
    admin = await office.admin()
    for each in await known(office, pool, *(f"{name}," for name in FOUR)):
        await claims.claim(li, [each.id])
    tight = [{"member": str(each.id), "capacity": n} for n, each in ((2, han), (1, wei))]
    await pools.change_rules(admin, pool.id, Rules.from_json({"capacities": tight}))
    to = [gid("Member", each.id) for each in (han, wei)]
    given = {"from": gid("Member", li.id), "to": to}
    assert await ask(api, admin, EXAMPLES["handOver"], **given) == HANDED_OVER


async def test_the_example_of_a_move_answers_for_each_customer(api: Client) -> None:
    office = await found()
    pool, other, li = await office.pool(), await office.pool(), await office.person()
    free, held = await office.customers(pool, 2)
    await claims.claim(li, [held])
    ids = [customer_gid(id) for id in (free, held)]
    given = {"customers": ids, "pool": gid("Pool", other.id)}
    answer = await ask(api, await office.admin(), EXAMPLES["move"], **given)
    taken = {"__typename": "AlreadyHeld", "message": "This customer already has an owner."}
    assert answer["count"] == 1
    assert answer["results"] == [
        {"customerId": ids[0], "moved": True, "refusal": None},
        {"customerId": ids[1], "moved": False, "refusal": taken},
    ]


def test_every_example_of_the_page_is_run_here() -> None:
    assert PAGE.not_run_by(__file__) == set()
