"""Administration: members, departments, access, the calendar, duplicates and webhooks."""

import re
from datetime import date

from playwright.async_api import Locator, Page, expect

from models.holding import follow_ups
from models.organizations.calendar import calendar_year
from models.ownership import claims
from models.tables import Department, Member, Organization, PoolAccess
from tests.support.browsing import Console, violations
from tests.support.samples import Office, row, until


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


async def test_a_member_is_added_and_a_wrong_address_is_marked(
    console: Console, office: Office
) -> None:
    await office.person("王芳")
    page = await console.open(office.founder, "/admin")
    await page.get_by_role("button", name="Add a member").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="Name").fill("李雷")
    await form.get_by_label("Email").fill("nobody")
    await form.get_by_label("Role").select_option("MANAGER")
    await form.get_by_label("Department").select_option("销售部")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("must be an email address")
    await form.get_by_label("Email").fill(f"li.lei@{office.domain}")
    await form.get_by_role("button", name="Save").click()
    added = page.get_by_role("article", name="李雷")
    await expect(added).to_contain_text("Manager")
    await expect(added).to_contain_text(f"li.lei@{office.domain} · 销售部")
    await page.get_by_label("Name or email").fill("王")
    await expect(page.get_by_role("article")).to_have_count(1)
    assert (await Member.get(email=f"li.lei@{office.domain}")).role == "MANAGER"


async def test_a_leavers_customers_are_named_with_where_they_went(
    console: Console, office: Office
) -> None:
    pool, other = await office.pool("甲公海"), await office.pool("乙公海")
    leaver = await office.person("王芳")
    ids = await office.customers(pool, 2)
    await claims.claim(leaver, ids)
    page = await console.open(office.founder, "/admin/members", language="zh-CN", width=390)
    member = page.get_by_role("article", name="王芳")
    await member.get_by_role("button", name="停用").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("客户开放到").select_option("乙公海")
    await dialog.get_by_role("button", name="停用").click()
    await expect(dialog).to_contain_text("原持有 2 个客户")
    rows = dialog.get_by_role("listitem")
    await expect(rows.filter(has_text="乙公海")).to_have_count(2)
    assert await violations(page) == []
    await dialog.get_by_role("button", name="关闭").last.click()
    await expect(member).to_contain_text("已离职")
    assert [(await row(id)).pool_id for id in ids] == [other.id, other.id]
    await member.get_by_role("button", name="恢复").click()
    await expect(member.get_by_role("button", name="停用")).to_be_visible()
    assert (await Member.get(id=leaver.id)).active


async def test_a_department_is_added_renamed_and_gets_a_parent_and_a_lead(
    console: Console, office: Office
) -> None:
    lead = await office.person("王芳")
    page = await console.open(office.founder, "/admin/departments")
    await page.get_by_role("button", name="Add a department").click()
    await page.get_by_role("textbox", name="Name").fill("华东部")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Edit 华东部").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="Name").fill("华东一部")
    await form.get_by_label("Above it").select_option("销售部")
    await form.get_by_label("Lead").fill("王")
    await page.get_by_role("option", name="王芳").click()
    await form.get_by_role("button", name="Save").click()
    line = page.get_by_role("listitem").filter(has_text="华东一部")
    await expect(line).to_contain_text("Below 销售部 · Lead: 王芳")
    saved = await Department.get(organization_id=office.id, name="华东一部")
    assert (saved.parent_id, saved.lead_id) == (office.department_id, lead.id)


async def test_access_to_a_pool_is_changed(console: Console, office: Office) -> None:
    pool = await office.pool("甲公海")
    lead = await office.person("王芳")
    page = await console.open(office.founder, "/admin/pools")
    access = card(page, "甲公海")
    await expect(access).to_contain_text("销售部")
    await access.get_by_role("button", name="Change access").click()
    await access.get_by_role("combobox", name="Add an administrator").fill("王芳")
    await page.get_by_role("option", name="王芳").click()
    await access.get_by_role("checkbox", name="销售部").uncheck()
    assert await violations(page) == []
    await access.get_by_role("button", name="Save").click()
    await expect(access.get_by_role("button", name="Change access")).to_be_visible()
    await expect(access).to_contain_text("王芳")
    (only,) = await PoolAccess.filter(pool_id=pool.id)
    assert (only.member_id, only.administers) == (lead.id, True)


async def test_an_administrator_of_a_pool_sees_only_what_concerns_it(
    console: Console, office: Office
) -> None:
    pool = await office.pool("甲公海")
    await office.pool("乙公海")
    lead = await office.person("王芳")
    await PoolAccess.create(
        organization_id=office.id, pool_id=pool.id, member_id=lead.id, administers=True
    )
    page = await console.open(lead, "/admin")
    parts = page.get_by_role("navigation", name="Parts of the administration")
    await expect(parts.get_by_role("link")).to_have_text(
        ["Pools and access", "Move and assign", "Import"]
    )
    await expect(card(page, "甲公海")).to_be_visible()
    await expect(card(page, "乙公海")).to_have_count(0)


async def test_a_day_of_the_calendar_is_changed_and_changed_back(
    console: Console, office: Office
) -> None:
    page = await console.open(office.founder, "/admin/calendar")
    await page.get_by_role("button", name="The next year").click()
    await page.get_by_role("button", name="The year before").click()
    year = int(await page.get_by_text(re.compile(r"^20\d\d$")).inner_text())
    first = page.get_by_role("button", name=re.compile(rf"June 24, {year}"))
    await expect(first).to_have_accessible_name(re.compile("working day"))
    await first.click()
    await expect(first).to_have_accessible_name(re.compile("day off, Set by your organization"))
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text(f"The calendar of {year} is saved")).to_be_visible()
    assert await own_holidays(office, year) == [date(year, 6, 24)]
    await first.click()
    await page.get_by_role("button", name="Save").click()
    # The button is disabled already while it saves.
    await until(lambda: has_no_own_holidays(office, year))


async def has_no_own_holidays(office: Office, year: int) -> bool:
    return not await own_holidays(office, year)


async def own_holidays(office: Office, year: int) -> list[date]:
    organization = (await office.admin()).organization
    return calendar_year(organization, year).own_holidays


async def test_what_refuses_a_duplicate_and_the_limit_are_saved(
    console: Console, office: Office
) -> None:
    page = await console.open(office.founder, "/admin/duplicates", width=390, theme="dark")
    keys = card(page, "What refuses a registration")
    await keys.get_by_role("checkbox", name="Email").uncheck()
    await keys.get_by_role("button", name="Save").click()
    await expect(keys.get_by_role("button", name="Save")).to_be_disabled()
    limit = card(page, "Look-ups per member and hour")
    await limit.get_by_role("textbox").fill("5000")
    await limit.get_by_role("button", name="Save").click()
    await expect(limit).to_contain_text("must be from 1 to 1000")
    await limit.get_by_role("textbox").fill("25")
    await limit.get_by_role("button", name="Save").click()
    await until(lambda: Organization.exists(id=office.id, lookup_limit=25))


async def test_a_webhooks_secret_is_shown_once_and_a_failed_delivery_is_sent_again(
    console: Console, office: Office
) -> None:
    pool = await office.pool()
    owner = await office.person()
    id = await office.customer(pool)
    page = await console.open(office.founder, "/admin/webhooks")
    await page.get_by_role("button", name="Add a webhook").click()
    # Nobody listens under .invalid, ever: each attempt fails.
    await page.get_by_label("Address").fill("https://hooks.invalid/seapool")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("whsec_")).to_be_visible()
    await page.get_by_role("button", name="I have kept it").click()
    await expect(page.get_by_text("whsec_")).to_have_count(0)
    await claims.claim(owner, [id])
    await follow_ups.log_follow_up(owner, id, "CALL", "问候")
    hook = card(page, "https://hooks.invalid/seapool")
    again = hook.get_by_role("button", name="Send again")
    await hook.get_by_role("button", name="Try the address").click()
    await expect(hook.get_by_role("status")).to_contain_text("ms: it can't be reached")
    await hook.get_by_role("button", name="Try the address").click()
    await expect(page.get_by_text("A webhook was pinged just now")).to_be_visible()
    await expect(hook.get_by_role("status")).to_be_empty()

    async def failed() -> bool:
        await hook.get_by_role("button", name="Reload").click()
        return await again.count() > 0

    await until(failed, seconds=40)
    await expect(hook.get_by_role("listitem").last).to_contain_text("Claimed")
    assert await violations(page) == []
    await again.first.click()
    await expect(page.get_by_text("It is sent again now.")).to_be_visible()
    await hook.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("No webhooks yet")).to_be_visible()
