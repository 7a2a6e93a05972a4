"""A salesperson's day, against the real API and worker."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from models.tables import Customer
from tests.support.browsing import Console
from tests.support.samples import Office, story
from tests.support.words import Words

WAITING = "{ pools { extensions(first: 1) { nodes { id } } } }"
GRANT = """
mutation($id: ID!) {
  decideExtension(extensionId: $id, approve: true, note: "好的") { __typename }
}
"""
RULES: dict[str, Any] = {"follow_up_within": "P7D", "extension_limit": "P10D", "capacity": 3}


def card(page: Page, customer: Customer) -> Locator:
    return page.get_by_role("article", name=customer.name, exact=True)


async def go(page: Page, path: str) -> None:
    await page.locator(f'a[href="{path}"]:visible').first.click()


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 390), ("en", 1280)])
async def test_a_day_from_the_first_claim_to_a_deal(
    console: Console, office: Office, language: str, width: int
) -> None:
    t = Words(language)
    pool = await office.pool(**RULES)
    me = await office.person("欧阳娜娜")
    mine, other, kept = [await Customer.get(id=id) for id in await office.customers(pool, 3)]
    page = await console.open(me, language=language, width=width)
    await expect(page.get_by_text(t("customers.none"), exact=True)).to_be_visible()

    await go(page, "/pool")
    for customer in (mine, other):
        await card(page, customer).get_by_role("button", name=t("pool.claim")).click()
        await expect(card(page, customer)).to_have_count(0)
    await expect(card(page, kept)).to_be_visible()

    await go(page, "/customers")
    await expect(page.get_by_text(t("customers.heldOf", held=2, capacity=3))).to_be_visible()
    await card(page, mine).get_by_role("button", name=t("customers.do.followUp")).click()
    await page.get_by_role("button", name=t("common.kind.VISIT")).click()
    told = t.like("customers.followedUp", name=mine.name)
    await expect(page.get_by_text(told)).to_be_visible()

    await card(page, mine).get_by_role("button", name=t("customers.do.deal")).click()
    await page.get_by_label(t("customers.amount")).fill("12,000")
    await page.get_by_role("button", name=t("customers.recordDeal")).click()
    await expect(page.get_by_text(t("customers.dealDone", name=mine.name))).to_be_visible()
    await expect(card(page, mine)).to_contain_text(t("customers.safeWon"))

    await card(page, other).get_by_role("button", name=t("customers.do.giveBack")).click()
    await page.get_by_text(t("customers.usual.noBudget")).click()
    await page.locator("form").get_by_role("button", name=t("customers.giveBackNow")).click()
    await expect(card(page, other)).to_have_count(0)

    assert await story(mine.id) == ["CREATED", "CLAIMED", "FOLLOWED_UP", "WON"]
    assert await story(other.id) == ["CREATED", "CLAIMED", "RELEASED"]
    assert await story(kept.id) == ["CREATED"]


async def test_a_wish_for_more_time_is_answered_by_an_alert(
    console: Console, office: Office
) -> None:
    t = Words("zh-CN")
    pool = await office.pool(**RULES)
    me = await office.person()
    customer = await Customer.get(id=await office.customer(pool))
    page = await console.open(me, "/pool", language="zh-CN", width=390)
    await card(page, customer).get_by_role("button", name=t("pool.claim")).click()
    await expect(card(page, customer)).to_have_count(0)
    await go(page, "/customers")
    await card(page, customer).get_by_role("button", name=t("customers.do.extension")).click()
    await page.get_by_label(t("customers.extensionReason")).fill("下周签合同")
    await page.get_by_role("button", name=t("customers.ask"), exact=True).click()
    asked = t("customers.extensionAsked", name=customer.name)
    await expect(page.get_by_text(asked)).to_be_visible()

    waiting = await console.api.data(office.founder, WAITING)
    (extension,) = waiting["pools"][0]["extensions"]["nodes"]
    await console.api.data(office.founder, GRANT, id=extension["id"])

    await expect(page).to_have_title("(1) Seapool")
    await go(page, "/alerts")
    row = page.get_by_role("article").filter(has_text=customer.name)
    await expect(row).to_contain_text(t("alerts.kind.EXTENSION_DECIDED"))
    await expect(page).to_have_title("Seapool")
