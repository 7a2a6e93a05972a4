"""The pool's page: what may be claimed, as colleagues claim and customers open."""

import re
from uuid import UUID

import pytest
from playwright.async_api import Locator, Page, expect

from models.customers import csv_import
from models.ownership import claims, releases
from models.tables import Customer
from models.viewers import Viewer
from tests.support.browsing import Console, violations
from tests.support.held_line import FOREIGN, hold_subscriptions, subscribe_now
from tests.support.samples import Office, done
from tests.support.wire import wire_to

SEARCH = "Search by name"
# Scrolls on by less than what is in sight; true at the end of all pages.
SCROLLED_TO_THE_END = """
async () => {
  window.scrollBy(0, 600);
  const frame = () => new Promise(requestAnimationFrame);
  for (let number = 0; number < 4; number++) await frame();
  const { scrollTop, clientHeight, scrollHeight } = document.documentElement;
  const shown = document.body.innerText.includes("That is all.");
  return shown && scrollTop + clientHeight >= scrollHeight - 1;
}
"""
# As fast as no hand is: React has rendered neither choice when the second one comes.
CHOOSE = """
choices => {
  for (const [label, value] of Object.entries(choices)) {
    const select = document.querySelector(`select[aria-label="${label}"]`);
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
"""


def row(page: Page, customer: Customer) -> Locator:
    return page.get_by_role("article", name=customer.name, exact=True)


async def claimed(viewer: Viewer, customer_id: UUID) -> Customer:
    (outcome,) = await claims.claim(viewer, [customer_id])
    return done(outcome)


async def give_back(viewer: Viewer, customer_id: UUID) -> None:
    done(await releases.give_back(viewer, customer_id, "no need"))


async def test_what_a_colleague_claims_leaves_and_what_opens_comes(
    console: Console, office: Office
) -> None:
    pool = await office.pool()
    me, colleague = await office.person(), await office.person()
    first, *_ = await office.customers(pool, 3)
    page = await console.open(me.member, "/pool")
    await expect(page.get_by_role("article")).to_have_count(3)
    customer = await claimed(colleague, first)
    await expect(row(page, customer)).to_have_count(0)
    await expect(page.get_by_text("2 customers")).to_be_visible()
    await give_back(colleague, first)
    await expect(row(page, customer)).to_contain_text("Just opened")
    await expect(page.get_by_text("3 customers")).to_be_visible()
    assert await violations(page) == []


@pytest.mark.parametrize("refused", [False, True])
async def test_changes_between_the_list_and_its_subscription_show(
    console: Console, office: Office, *, refused: bool
) -> None:
    pool = await office.pool()
    me, colleague = await office.person(), await office.person()
    first, second, _ = await office.customers(pool, 3)
    held = await claimed(colleague, second)
    page = await console.open(None, "/pool", alone=True)
    await hold_subscriptions(page)
    await page.reload()
    await console.sign_in(page, me)
    await expect(page.get_by_role("article")).to_have_count(2)
    gone = await claimed(colleague, first)
    await give_back(colleague, second)
    await subscribe_now(page, after=FOREIGN if refused else None)
    await expect(row(page, gone)).to_have_count(0)
    await expect(row(page, held)).to_be_visible()
    # The subscription goes on.
    await give_back(colleague, first)
    await expect(row(page, gone)).to_contain_text("Just opened")


async def test_changes_behind_a_cut_line_show_when_it_is_mended(
    console: Console, office: Office
) -> None:
    console.allow("ERR_|WebSocket|UNAVAILABLE")
    pool = await office.pool()
    me, colleague = await office.person(), await office.person()
    first, second, _ = await office.customers(pool, 3)
    async with wire_to(console.url) as wire:
        page = await console.open(me.member, "/pool", via=wire.url)
        await expect(page.get_by_role("article")).to_have_count(3)
        opened = await claimed(colleague, first)
        await expect(row(page, opened)).to_have_count(0)
        wire.cut()
        await expect(page.get_by_text("No connection")).to_be_visible()
        taken = await claimed(colleague, second)
        await give_back(colleague, first)
        await expect(row(page, taken)).to_be_visible()
        wire.mend()
        await expect(row(page, taken)).to_have_count(0)
        await expect(row(page, opened)).to_be_visible()


async def test_scrolling_shows_each_customer_once_while_rows_come_and_go(
    console: Console, office: Office
) -> None:
    pool = await office.pool()
    me, colleague = await office.person(), await office.person()
    ids = await office.customers(pool, 75)
    page = await console.open(me.member, "/pool")
    await page.get_by_role("article").first.wait_for()
    taken, reopened = await claimed(colleague, ids[0]), await claimed(colleague, ids[1])
    await give_back(colleague, ids[1])
    await expect(row(page, reopened)).to_contain_text("Just opened")
    names = await on_screen(page)
    while not await page.evaluate(SCROLLED_TO_THE_END):
        names += await on_screen(page)
    names += await on_screen(page)
    pooled = await Customer.filter(pool_id=pool.id, owner_id=None)
    assert set(names) == {customer.name for customer in pooled}
    assert taken.name not in names
    last = page.get_by_role("listitem").last
    await expect(last).to_have_attribute("aria-posinset", "74")


async def on_screen(page: Page) -> list[str]:
    rows = page.get_by_role("article")
    names: list[str] = await rows.evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert len(names) == len(set(names))
    return names


async def test_search_and_order_stay_in_the_address(console: Console, office: Office) -> None:
    pool = await office.pool()
    me = await office.person()
    wanted = await Customer.get(id=(await office.customers(pool, 3))[1])
    page = await console.open(me.member, "/pool")
    await page.get_by_label(SEARCH).fill(wanted.name)
    await page.get_by_label("Order").select_option("NAME")
    await page.wait_for_url(re.compile("search=.*order=NAME"))
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(row(page, wanted)).to_be_visible()
    await page.get_by_label(SEARCH).fill("zzzz")
    await expect(page.get_by_text("No customer matches")).to_be_visible()


async def test_two_filters_that_change_before_a_render_both_count(
    console: Console, office: Office
) -> None:
    pool = await office.pool()
    await csv_import.import_customers(await office.admin(), pool.id, "name,level\n甲,A\n乙,B")
    page = await console.open(await office.person(), "/pool")
    await expect(page.get_by_role("article")).to_have_count(2)
    await page.evaluate(CHOOSE, {"Level": "A", "Order": "NAME"})
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page).to_have_url(re.compile(r"level=A&order=NAME$"))


async def test_the_chosen_pool_is_remembered(console: Console, office: Office) -> None:
    await office.pool("North")
    south = await office.pool("South")
    me = await office.person()
    await office.customers(south, 1)
    page = await console.open(me.member, "/pool")
    await expect(page.get_by_text("This pool is empty")).to_be_visible()
    await page.get_by_label("Choose a pool").select_option("South")
    await expect(page.get_by_role("article")).to_have_count(1)
    await page.get_by_role("link", name="Alerts").first.click()
    await page.get_by_role("link", name="Pool", exact=True).first.click()
    await expect(page.get_by_role("article")).to_have_count(1)
