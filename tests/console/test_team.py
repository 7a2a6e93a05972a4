"""The page of a team: what each holds, what is at risk, results, and what waits."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from playwright.async_api import Locator, Page, expect

from models.holding import extensions, follow_ups
from models.ownership import claims
from models.rules.durations import Span
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.browsing import Console
from tests.support.samples import Office


async def team(office: Office, held: int, **rules: Any) -> tuple[Pool, Viewer, list[UUID]]:
    pool = await office.pool(**rules)
    owner = await office.person("王芳")
    ids = await office.customers(pool, held)
    await claims.claim(owner, ids)
    return pool, owner, ids


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


async def name_of(id: UUID) -> str:
    return (await Customer.get(id=id)).name


async def test_a_manager_sees_who_holds_what_and_what_is_at_risk(
    console: Console, office: Office
) -> None:
    _, owner, ids = await team(office, 3, max_hold="P5D", capacity=12)
    page = await console.open(office.founder, "/team")
    loads = card(page, "Who holds how much").get_by_role("listitem")
    await expect(loads.filter(has_text=owner.member.name)).to_contain_text("3 of 12")
    risk = card(page, "At risk")
    await expect(risk).to_contain_text("3 customers are released within 7 days")
    rows = risk.get_by_role("list").get_by_role("listitem")
    await expect(rows).to_have_count(3)
    await expect(rows.first).to_contain_text("王芳 · Held as long as allowed")
    await expect(risk.get_by_role("link", name=await name_of(ids[0]))).to_be_visible()
    await risk.get_by_text("1 day", exact=True).click()
    await expect(risk).to_contain_text("Nothing is released in this time.")


async def test_results_are_those_of_the_chosen_period(console: Console, office: Office) -> None:
    _, owner, ids = await team(office, 4, max_hold="P5D")
    await follow_ups.record_deal(owner, ids[0], Decimal(900))
    page = await console.open(office.founder, "/team")
    results = card(page, "Results")
    figures = results.get_by_role("definition")
    await expect(figures).to_have_text(["4", "25%", "1", "0", "–"])
    bars = results.get_by_role("figure", name="By member").get_by_role("row", name="王芳")
    await expect(bars.get_by_role("cell")).to_have_text(["4", "1", "0"])
    await results.get_by_label("Last day").fill("2001-02-03")
    await expect(results).to_contain_text("The last day must not be before the first.")
    await results.get_by_label("First day").fill("2001-01-01")
    await expect(figures.first).to_have_text("0")
    await expect(results).to_contain_text("Nothing was released in this period.")
    await results.get_by_text("7 days", exact=True).click()
    await expect(figures.first).to_have_text("4")


async def test_extensions_that_wait_are_decided(console: Console, office: Office) -> None:
    _, owner, ids = await team(office, 2, deal_within="P5D", extension_limit="P30D")
    for id in ids:
        await extensions.ask(owner, id, Span.parse("P7D"), "合同审批中")
    first, second = [await name_of(id) for id in ids]
    page = await console.open(office.founder, "/team")
    waiting = card(page, "Extensions that wait")
    row = waiting.get_by_role("listitem").filter(has_text=first)
    await expect(row).to_contain_text("王芳 asks for 7 days: 合同审批中")
    await row.get_by_role("button", name=f"Grant the extension of {first}").click()
    await expect(row).to_have_count(0)
    await waiting.get_by_role("button", name=f"Decline the extension of {second}").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Note to the owner").fill("太晚了")
    await dialog.get_by_role("button", name="Decline", exact=True).click()
    await expect(waiting).to_contain_text("Nobody waits for an extension.")
    granted, declined = [await Customer.get(id=id) for id in ids]
    assert granted.release_at is not None
    assert declined.release_at is not None
    assert (granted.release_at - declined.release_at).days in (6, 7)


async def test_deals_that_wait_are_confirmed_or_declined(console: Console, office: Office) -> None:
    _, owner, ids = await team(office, 2, max_hold="P5D", deal_approval=True)
    for id in ids:
        await follow_ups.record_deal(owner, id, Decimal(900))
    first, second = [await name_of(id) for id in ids]
    page = await console.open(office.founder, "/team")
    waiting = card(page, "Deals that wait")
    await waiting.get_by_role("button", name=f"Confirm the deal with {first}").click()
    await expect(page.get_by_text(f"The deal with {first} is confirmed")).to_be_visible()
    await waiting.get_by_role("button", name=f"Decline the deal with {second}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Decline", exact=True).click()
    await expect(waiting).to_contain_text("No deal waits for confirmation.")
    confirmed, declined = [await Customer.get(id=id) for id in ids]
    assert confirmed.won_at is not None
    assert declined.won_at is None


async def test_a_chinese_manager_sees_each_of_their_pools_on_a_phone(
    console: Console, office: Office
) -> None:
    first = await office.pool("甲公海", capacity=3)
    second = await office.pool("乙公海", capacity=9)
    page = await console.open(office.founder, "/team", language="zh-CN", width=390, theme="dark")
    loads = card(page, "成员持有情况")
    await page.get_by_role("combobox", name="公海").select_option(label=first.name)
    await expect(loads).to_contain_text("0 / 3")
    await page.get_by_role("combobox", name="公海").select_option(label=second.name)
    await expect(loads).to_contain_text("0 / 9")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0


async def test_a_salesperson_reads_that_they_look_after_no_pool(
    console: Console, office: Office
) -> None:
    page = await console.open((await office.person()).member, "/team")
    await expect(page.get_by_text("No pool to look after yet")).to_be_visible()
