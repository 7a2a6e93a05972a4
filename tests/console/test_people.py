"""A member's page: absences, and customers handed over; a leaver's go to colleagues first."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect

from models.organizations.absences import set_absence
from models.ownership import claims
from models.tables import Member
from tests.support.browsing import Console, violations
from tests.support.samples import Office, row


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


async def add_receiver(page: Page, label: str, name: str) -> None:
    await page.get_by_role("combobox", name=label).fill(name)
    await page.get_by_role("option", name=name).click()


async def test_chosen_customers_go_to_colleagues_in_turn_and_the_rest_is_named(
    console: Console, office: Office
) -> None:
    pool = await office.pool("甲公海", capacity=2)
    owner, one, other = [await office.person(name) for name in ("王芳", "李雷", "韩梅梅")]
    ids = await office.customers(pool, 2)
    await claims.claim(owner, ids)
    await claims.claim(other, await office.customers(pool, 2))
    page = await console.open(office.founder, "/team")
    await page.get_by_role("link", name="王芳").first.click()
    form = card(page, "Hand over customers")
    await add_receiver(page, "Add a colleague", "韩梅梅")
    await form.get_by_text("Chosen ones").click()
    await form.get_by_role("checkbox").first.check()
    await form.get_by_role("textbox", name="Reason").fill("调岗")
    assert await violations(page) == []
    await form.get_by_role("button", name="Hand over 1 customer").click()
    answer = form.get_by_role("status")
    await expect(answer).to_contain_text("Nobody had room for 1 customer. It is back in its pool:")
    await expect(answer).to_contain_text("甲公海")
    await expect(answer).to_contain_text("王芳 still holds 1 customer")
    await form.get_by_role("button", name="Hand over more").click()
    await add_receiver(page, "Add a colleague", "李雷")
    await form.get_by_text("All", exact=True).click()
    await form.get_by_role("button", name="Hand over all").click()
    await expect(answer).to_contain_text("李雷 got 1 customer.")
    await expect(answer).to_contain_text("王芳 holds nothing more")
    assert {(await row(id)).owner_id for id in ids} == {None, one.id}


async def test_a_leavers_customers_go_to_the_named_colleague_first(
    console: Console, office: Office
) -> None:
    pool = await office.pool("甲公海", capacity=2)
    leaver, receiver = await office.person("王芳"), await office.person("李雷")
    ids = await office.customers(pool, 2)
    await claims.claim(leaver, ids)
    await claims.claim(receiver, await office.customers(pool, 1))
    page = await console.open(office.founder, "/admin/members", language="zh-CN", width=390)
    await page.get_by_role("article", name="王芳").get_by_role("button", name="停用").click()
    dialog = page.get_by_role("dialog")
    await add_receiver(page, "添加同事", "李雷")
    await expect(dialog.get_by_label("放不下的客户开放到")).to_be_visible()
    await dialog.get_by_role("button", name="停用").click()
    await expect(dialog).to_contain_text("1 个客户已交接给同事。 1 个无人能接收，已开放到公海。")
    await expect(dialog.get_by_role("listitem").filter(has_text="由李雷持有")).to_have_count(1)
    assert {(await row(id)).owner_id for id in ids} == {receiver.id, None}


async def test_an_absence_is_seen_by_the_team_and_its_clock_stands_still_in_words(
    console: Console, office: Office
) -> None:
    pool = await office.pool(follow_up_within="P5D", absence_stops_clock=True)
    me = await office.person("王芳")
    await claims.claim(me, await office.customers(pool, 1))
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    page = await console.open(me, "/customers", width=390)
    await page.get_by_role("button", name="Account of 王芳").click()
    await page.get_by_role("menuitem", name="My absences and channels").click()
    absences = card(page, "Absences")
    await absences.get_by_label("First day").fill(str(today - timedelta(days=1)))
    await absences.get_by_role("button", name="Add").click()
    await expect(absences).to_contain_text(f"must be {today} or later")
    await absences.get_by_label("First day").fill(str(today))
    await absences.get_by_label("Last day").fill(str(today + timedelta(days=2)))
    await absences.get_by_role("button", name="Add").click()
    await expect(absences.get_by_role("listitem")).to_contain_text("under way")
    assert await violations(page) == []
    await page.get_by_role("link", name="Customers").click()
    await expect(page.get_by_role("article")).to_contain_text("The clock stands still")
    boss = await console.open(office.founder, "/team")
    load = card(boss, "Who holds how much").get_by_role("listitem").filter(has_text="王芳")
    await expect(load).to_contain_text("Absent until")


async def test_a_manager_enters_and_cancels_an_absence_of_another(
    console: Console, office: Office
) -> None:
    lead, colleague = await office.person(role="MANAGER"), await office.person("王芳")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    await set_absence(lead, colleague.id, today - timedelta(days=3), today)
    path = f"/member/Member_{colleague.id.hex}"
    page = await console.open(lead, path, language="zh-CN", theme="dark")
    absences = card(page, "休假")
    await absences.get_by_role("button", name="提前结束").click()
    await expect(absences.get_by_role("listitem")).to_contain_text("已结束")
    ended = (await Member.get(id=colleague.id)).absences
    assert [each.last for each in ended] == [today - timedelta(days=1)]
    peer = await console.open(await office.person(), path)
    await expect(card(peer, "Absences")).to_be_visible()
    await expect(card(peer, "Absences").get_by_role("button")).to_have_count(0)
