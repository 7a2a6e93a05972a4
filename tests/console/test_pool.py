"""The pool's page: what may be claimed, as colleagues claim and customers open."""

from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.console.conftest import Ask, Line, SignIn

LIST = """query($search: String) { pools { id name customers(first: 100, search: $search) {
  totalCount nodes { id name level claimable { __typename } } } } }"""
CLAIM = "mutation($id: ID!) { claimCustomer(customerId: $id) { __typename } }"
GIVE_BACK = """mutation($id: ID!) {
  releaseCustomer(customerId: $id, reason: "no need") { __typename } }"""


async def free_ones(ask: Ask, who: str) -> list[dict[str, Any]]:
    (pool,) = (await ask(who, LIST))["pools"]
    nodes = pool["customers"]["nodes"]
    return [node for node in nodes if node["claimable"]["__typename"] == "Claimable"]


def row(page: Page, customer: dict[str, Any]) -> Locator:
    return page.get_by_role("article", name=customer["name"], exact=True)


async def shown(page: Page) -> None:
    await page.get_by_role("article").first.wait_for()


async def test_what_a_colleague_claims_leaves_and_what_opens_comes(
    sign_in: SignIn, ask: Ask
) -> None:
    page = await sign_in("sales1", "/pool")
    await shown(page)
    customer = (await free_ones(ask, "sales2"))[0]
    await row(page, customer).wait_for()
    await ask("sales2", CLAIM, id=customer["id"])
    await expect(row(page, customer)).to_have_count(0)
    await ask("sales2", GIVE_BACK, id=customer["id"])
    await expect(row(page, customer)).to_contain_text("Just opened")


async def test_changes_behind_a_cut_line_show_when_it_is_mended(
    sign_in: SignIn, ask: Ask, line: Line
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


async def test_a_refused_claim_says_why_on_its_row(
    sign_in: SignIn, ask: Ask, line: Line
) -> None:
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
    sign_in: SignIn, ask: Ask
) -> None:
    page = await sign_in("sales1", "/pool")
    await shown(page)
    claimed, kept = (await free_ones(ask, "sales2"))[:2]
    await ask("sales2", CLAIM, id=claimed["id"])
    await expect(row(page, claimed)).to_have_count(0)
    await ask("sales2", GIVE_BACK, id=claimed["id"])
    await expect(row(page, claimed)).to_be_visible()
    names: list[str] = []
    while not await page.get_by_text("That is all.").is_visible():
        names += await on_screen(page)
        await page.mouse.wheel(0, 500)
        await page.wait_for_function("scrollY >= 0 && !document.querySelector('.mantine-Loader-root')")
    names += await on_screen(page)
    (pool,) = (await ask("sales1", LIST))["pools"]
    assert set(names) == {node["name"] for node in pool["customers"]["nodes"]}
    ids = await page.get_by_role("listitem").evaluate_all("all => all.map(e => e.dataset.index)")
    assert len(ids) == len(set(ids))
    assert kept["name"] in names


async def on_screen(page: Page) -> list[str]:
    rows = page.get_by_role("article")
    found: list[str] = await rows.evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert len(found) == len(set(found))
    return found


async def test_search_level_and_order_stay_in_the_address(sign_in: SignIn, ask: Ask) -> None:
    page = await sign_in("sales1", "/pool")
    await shown(page)
    (pool,) = (await ask("sales1", LIST))["pools"]
    wanted = next(node for node in pool["customers"]["nodes"] if node["level"] == "B")
    await page.get_by_label("Search by name").fill(wanted["name"][:6])
    await page.get_by_label("Level").select_option("B")
    await page.get_by_label("Order").select_option("NAME")
    await page.wait_for_url("**order=NAME*")
    await expect(row(page, wanted)).to_be_visible()
    levels = page.get_by_role("article").filter(has_not_text="Level B")
    await expect(levels).to_have_count(0)
    await page.get_by_label("Search by name").fill("zzzz")
    await page.get_by_text("No customer matches").wait_for()
