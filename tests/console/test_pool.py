"""The pool's page: what may be claimed, as colleagues claim and customers open."""

import re
from uuid import UUID

from playwright.async_api import Locator, Page, expect

from models.ownership import claims, releases
from models.tables import Customer
from models.viewers import Viewer
from tests.support.browsing import Console, violations
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


async def test_changes_behind_a_cut_line_show_when_it_is_mended(
    console: Console, office: Office
) -> None:
    page = await sign_in("sales1", "/pool", line=line)
    await shown(page)
    first, second = (await free_ones(ask, "sales2"))[:2]
    await ask("sales2", CLAIM, id=first["id"])
    await expect(row(page, first)).to_have_count(0)
    await line.cut()
    await ask("sales2", CLAIM, id=second["id"])
    await ask("sales2", GIVE_BACK, id=first["id"])
    await expect(row(page, second)).to_be_visible()
    await line.mend()
    await expect(row(page, second)).to_have_count(0)
    await expect(row(page, first)).to_be_visible()
    await ask("sales2", GIVE_BACK, id=second["id"])


async def test_a_claim_moves_the_customer_and_counts(sign_in: SignIn, ask: Ask) -> None:
    page = await sign_in("sales3", "/pool")
    await shown(page)
    seat = page.get_by_label("Your private pool")
    before = await seat.inner_text()
    claim = page.get_by_role("button", name="Claim ").locator("visible=true").first
    name = (await claim.get_attribute("aria-label") or "").removeprefix("Claim ")
    await claim.click()
    await page.get_by_text("Claimed: it is yours now").wait_for()
    await expect(page.get_by_role("article", name=name, exact=True)).to_have_count(0)
    await expect(seat).not_to_have_text(before)


async def test_a_refused_claim_says_why_on_its_row(sign_in: SignIn, ask: Ask, line: Line) -> None:
    page = await sign_in("sales1", "/pool", line=line)
    await shown(page)
    customer = (await free_ones(ask, "sales1"))[0]
    await line.cut()
    await ask("sales2", CLAIM, id=customer["id"])
    await row(page, customer).get_by_role("button", name="Claim").click()
    await expect(row(page, customer)).to_contain_text("already held", ignore_case=True)
    await ask("sales2", GIVE_BACK, id=customer["id"])


async def test_a_selection_is_claimed_but_for_the_refused_ones(
    sign_in: SignIn, ask: Ask, line: Line
) -> None:
    page = await sign_in("sales2", "/pool", line=line)
    await shown(page)
    first, second = (await free_ones(ask, "sales2"))[:2]
    await row(page, first).get_by_role("checkbox").check()
    await row(page, second).get_by_role("checkbox").check()
    await line.cut()
    await ask("sales1", CLAIM, id=second["id"])
    await page.get_by_role("button", name="Claim 2", exact=True).click()
    await page.get_by_text("1 customer claimed. 1 refused").wait_for()
    await expect(row(page, first)).to_have_count(0)
    await expect(row(page, second)).to_contain_text("already held", ignore_case=True)
    await ask("sales1", GIVE_BACK, id=second["id"])


async def test_a_cool_down_says_until_when(sign_in: SignIn) -> None:
    page = await sign_in("sales1", "/pool")
    await shown(page)
    cooling = page.get_by_role("article").filter(has_text="Open to you in").first
    await expect(cooling).to_contain_text("claim it again from")
    await expect(cooling.get_by_role("button", name="Claim")).to_be_disabled()


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
        await page.mouse.wheel(0, 500)
        await page.wait_for_function(
            "scrollY >= 0 && !document.querySelector('.mantine-Loader-root')"
        )
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
