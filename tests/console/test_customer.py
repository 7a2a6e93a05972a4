"""A customer's page: its life in words, and what its owner and an administrator do with it."""

from uuid import UUID

from playwright.async_api import Locator, Page, expect

from models.customers.update import update_customer
from models.holding import follow_ups
from models.ownership import claims, releases
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.browsing import Console, violations
from tests.support.samples import Office, row, until


def path(id: UUID) -> str:
    return f"/customer/Customer_{id.hex}"


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


async def held(office: Office, **rules: str) -> tuple[Pool, Viewer, Customer]:
    pool = await office.pool(**rules or {"max_hold": "P20D"})
    owner = await office.person("王芳")
    id = await office.customer(pool)
    await claims.claim(owner, [id])
    return pool, owner, await row(id)


async def choose(page: Page, label: str, name: str) -> None:
    await page.get_by_role("combobox", name=label).fill(name)
    await page.get_by_role("option", name=name).click()


async def manage(page: Page, verb: str) -> Locator:
    await page.get_by_role("button", name="Manage").click()
    await page.get_by_role("menuitem", name=verb).click()
    return page.get_by_role("dialog")


async def test_the_history_tells_who_did_what_when_and_why(
    console: Console, office: Office
) -> None:
    _, owner, customer = await held(office)
    await follow_ups.log_follow_up(owner, customer.id, "VISIT", "他们要一份报价")
    await releases.give_back(owner, customer.id, "没有预算")
    page = await console.open(office.founder, path(customer.id))
    events = card(page, "History").get_by_role("listitem")
    await expect(events).to_have_count(4)
    await expect(events.first).to_contain_text("王芳 gave it back to the pool.")
    await expect(events.first).to_contain_text("Reason: 没有预算")
    await expect(events.nth(1)).to_contain_text("王芳 followed up.")
    await expect(events.last).to_contain_text("registered the customer.")
    await expect(events.first.get_by_role("time")).to_have_attribute("datetime")
    notes = card(page, "Follow-ups").get_by_role("listitem")
    await expect(notes).to_contain_text("他们要一份报价")
    await expect(notes).to_contain_text("Visit · 王芳")
    assert await violations(page) == []


async def test_a_follow_up_is_in_the_history_at_once(console: Console, office: Office) -> None:
    _, owner, customer = await held(office, follow_up_within="P5D")
    page = await console.open(owner, path(customer.id), language="zh-CN", width=390)
    await expect(card(page, "持有情况")).to_contain_text("王芳")
    await page.get_by_role("button", name="跟进", exact=True).click()
    await page.get_by_role("button", name="电话").click()
    await expect(card(page, "客户历程").get_by_role("listitem").first).to_contain_text(
        "王芳进行了跟进"
    )
    await expect(card(page, "跟进记录").get_by_role("listitem")).to_have_count(1)


async def test_an_owner_edits_and_a_wrong_value_is_marked_at_its_field(
    console: Console, office: Office
) -> None:
    _, owner, customer = await held(office)
    page = await console.open(owner, path(customer.id))
    contact = card(page, "Contact")
    await contact.get_by_role("button", name="Edit").click()
    await contact.get_by_label("Email").fill("nobody")
    await contact.get_by_role("button", name="Save").click()
    await expect(contact).to_contain_text("must be an email address")
    await contact.get_by_label("Email").fill("li@acme.cn")
    await contact.get_by_label("Contact person").fill("李雷")
    await contact.get_by_role("button", name="Save").click()
    await expect(contact.get_by_role("link", name="li@acme.cn")).to_be_visible()
    saved = await row(customer.id)
    assert (saved.email, saved.person, saved.name) == ("li@acme.cn", "李雷", customer.name)
    await expect(card(page, "History").get_by_role("listitem").first).to_contain_text("changed")


async def test_a_masked_value_is_no_value_of_the_form(console: Console, office: Office) -> None:
    pool = await office.pool(masked=["PHONE"])
    id = await office.customer(pool)
    await update_customer(await office.admin(), id, {"phone": "13800001234"})
    page = await console.open(office.founder, path(id))
    contact = card(page, "Contact")
    await contact.get_by_role("button", name="Edit").click()
    await expect(contact.get_by_label("Phone")).to_have_value("")
    await expect(contact.get_by_label("Phone")).to_have_attribute("placeholder", "138****1234")
    await contact.get_by_label("Level").fill("A")
    await contact.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Level A")).to_be_visible()
    assert (await row(id)).phone == "13800001234"


async def test_an_administrator_transfers_a_held_customer(console: Console, office: Office) -> None:
    _, _, customer = await held(office)
    other = await office.person("赵六")
    page = await console.open(office.founder, path(customer.id))
    dialog = await manage(page, "Transfer…")
    await choose(page, "To whom", "赵六")
    await dialog.get_by_role("button", name="Transfer").click()
    await expect(page.get_by_text("Held by 赵六")).to_be_visible()
    assert (await row(customer.id)).owner_id == other.id
    last = card(page, "History").get_by_role("listitem").first
    await expect(last).to_contain_text("transferred it to 赵六")


async def test_an_assignment_over_capacity_says_so_in_the_dialog(
    console: Console, office: Office
) -> None:
    pool = await office.pool(capacity=1)
    full, free = await office.person("钱七"), await office.person("孙八")
    first, second = await office.customers(pool, 2)
    await claims.claim(full, [first])
    page = await console.open(office.founder, path(second))
    dialog = await manage(page, "Assign…")
    await choose(page, "To whom", "钱七")
    await dialog.get_by_role("button", name="Assign").click()
    await expect(dialog).to_contain_text("1")
    await expect(dialog.get_by_role("combobox")).to_have_attribute("aria-invalid", "true")
    assert (await row(second)).owner_id is None
    await choose(page, "To whom", "孙八")
    await dialog.get_by_role("button", name="Assign").click()
    await expect(page.get_by_text("Held by 孙八")).to_be_visible()
    assert (await row(second)).owner_id == free.id


async def test_a_pooled_customer_moves_to_another_pool(console: Console, office: Office) -> None:
    pool, other = await office.pool("甲公海"), await office.pool("乙公海")
    id = await office.customer(pool)
    page = await console.open(office.founder, path(id))
    dialog = await manage(page, "Move to another pool…")
    await dialog.get_by_role("button", name="Move").click()
    await expect(page.get_by_text("乙公海", exact=True)).to_be_visible()
    assert (await row(id)).pool_id == other.id


async def test_two_records_of_one_customer_become_one(console: Console, office: Office) -> None:
    pool = await office.pool()
    keep, drop = [await row(id) for id in await office.customers(pool, 2)]
    page = await console.open(office.founder, path(keep.id))
    dialog = await manage(page, "Merge with another…")
    await choose(page, "The other record", drop.name)
    await expect(dialog.get_by_role("radio", name=keep.name)).to_be_checked()
    await dialog.get_by_label("Why are they one?").fill("同一家公司")
    await dialog.get_by_role("button", name="Merge").click()
    await expect(card(page, "History")).to_contain_text("Reason: 同一家公司")
    await expect(card(page, "Former keys")).to_contain_text(drop.name)
    await expect(page.get_by_role("heading", level=1, name=keep.name)).to_be_visible()
    assert (await row(drop.id)).merged_into == keep.id


async def test_a_former_key_is_released(console: Console, office: Office) -> None:
    _, owner, customer = await held(office)
    page = await console.open(office.founder, path(customer.id))
    contact = card(page, "Contact")
    await contact.get_by_role("button", name="Edit").click()
    await contact.get_by_label("Name").fill("新名称")
    await contact.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1, name="新名称")).to_be_visible()
    former = card(page, "Former keys")
    await expect(former).to_contain_text(customer.name)
    await former.get_by_role("button", name="Release").click()
    await page.get_by_role("dialog").get_by_role("button", name="Release").click()
    await expect(former).to_have_count(0)
    await expect(card(page, "History").get_by_role("listitem").first).to_contain_text("former key")
    assert owner.id == (await row(customer.id)).owner_id


async def test_a_release_by_a_wrong_rule_is_undone(console: Console, office: Office) -> None:
    pool, owner, customer = await held(office, max_hold="PT1S")

    async def is_released() -> bool:
        return (await row(customer.id)).owner_id is None

    await until(is_released, seconds=30)
    admin = await office.admin()
    await pools.change_rules(admin, pool.id, Rules.from_json({"max_hold": "P20D"}))
    page = await console.open(office.founder, path(customer.id))
    last = card(page, "History").get_by_role("listitem").first
    await expect(last).to_contain_text("The rules released it from 王芳 to the pool.")
    await expect(last).to_contain_text("Reason: Held as long as allowed")
    dialog = await manage(page, "Undo the release")
    await dialog.get_by_role("button", name="Undo the release").click()
    await expect(page.get_by_text("Held by 王芳")).to_be_visible()
    assert (await row(customer.id)).owner_id == owner.id


async def test_a_colleagues_customer_is_not_managed(console: Console, office: Office) -> None:
    _, _, customer = await held(office)
    other = await office.person()
    page = await console.open(other, path(customer.id))
    await expect(page.get_by_text("Held by 王芳")).to_be_visible()
    await expect(card(page, "History").get_by_role("listitem").first).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("button")).to_have_text(["Export"])


async def test_what_nobody_may_see_is_not_there(console: Console, office: Office) -> None:
    page = await console.open(office.founder, f"/customer/Customer_{'0' * 32}")
    await expect(page.get_by_text("Nothing here")).to_be_visible()
