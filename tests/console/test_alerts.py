"""The alerts' page: counted, read on sight, and none missed over a cut line."""

from uuid import UUID

import pytest
from playwright.async_api import Locator, Page, expect

from models.ownership import claims
from models.tables import Customer
from models.viewers import Viewer
from tests.support.browsing import Console, Theme, violations
from tests.support.held_line import hold_subscriptions, subscribe_now
from tests.support.samples import Office, done, until
from tests.support.wire import wire_to

UNREAD = "{ viewer { alerts(first: 1) { unread } } }"


async def all_read(console: Console, viewer: Viewer) -> None:
    async def none_unread() -> bool:
        found = await console.api.data(viewer.member, UNREAD)
        return bool(found["viewer"]["alerts"]["unread"] == 0)

    await until(none_unread)


async def assigned(office: Office, viewer: Viewer, customer_id: UUID) -> Customer:
    return done(await claims.assign(await office.admin(), customer_id, viewer.id))


def alert_of(page: Page, customer: Customer) -> Locator:
    return page.get_by_role("article", name=customer.name, exact=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_unread_alerts_are_counted_in_the_title_and_read_on_sight(
    console: Console, office: Office, theme: Theme
) -> None:
    pool = await office.pool()
    me = await office.person()
    for customer in await office.customers(pool, 3):
        await assigned(office, me, customer)
    page = await console.open(me.member, "/pool", theme=theme)
    await expect(page).to_have_title("(3) Seapool")
    await page.get_by_role("link", name="Alerts").first.click()
    await expect(page.get_by_text("New", exact=True)).to_have_count(3)
    await expect(page).to_have_title("Seapool")
    await all_read(console, me)
    # They stay marked as long as the page is open.
    await expect(page.get_by_text("New", exact=True)).to_have_count(3)
    assert await violations(page) == []
    await page.get_by_role("link", name="Pool", exact=True).first.click()
    await page.get_by_role("link", name="Alerts").first.click()
    await expect(page.get_by_role("article")).to_have_count(3)
    await expect(page.get_by_text("New", exact=True)).to_have_count(0)


async def test_an_alert_comes_as_it_happens(console: Console, office: Office) -> None:
    pool = await office.pool()
    me = await office.person()
    (customer,) = await office.customers(pool, 1)
    page = await console.open(me.member, "/alerts", language="zh-CN", width=390)
    await expect(page.get_by_text("暂无提醒")).to_be_visible()
    given = await assigned(office, me, customer)
    await expect(alert_of(page, given)).to_contain_text("分配给您")
    await all_read(console, me)
    await expect(page).to_have_title("Seapool")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_on_another_page_an_alert_is_told_in_words_that_can_be_read(
    console: Console, office: Office, theme: Theme
) -> None:
    pool, me = await office.pool(), await office.person()
    (customer,) = await office.customers(pool, 1)
    page = await console.open(me.member, "/register", theme=theme)
    await page.get_by_role("heading", level=1).wait_for()
    given = await assigned(office, me, customer)
    told = page.locator(".mantine-Notification-description[data-with-title]")
    await expect(told).to_contain_text(given.name)
    assert await violations(page) == []


async def test_the_first_alert_of_all_is_told_though_it_came_before_the_subscription(
    console: Console, office: Office
) -> None:
    pool, me = await office.pool(), await office.person()
    first, second = await office.customers(pool, 2)
    page = await console.open(None, "/register", alone=True)
    await hold_subscriptions(page)
    await page.reload()
    await console.sign_in(page, me)
    told = page.locator(".mantine-Notification-title")
    early = await assigned(office, me, first)
    await subscribe_now(page)
    await expect(told).to_have_text(early.name)
    await expect(page).to_have_title("(1) Seapool")
    # So also after a visit to the list, which was read later.
    await page.get_by_role("link", name="Alerts").first.click()
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(alert_of(page, await assigned(office, me, second))).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(2)


@pytest.mark.parametrize("before", [0, 1])
async def test_alerts_behind_a_cut_line_all_come_when_it_is_mended(
    console: Console, office: Office, before: int
) -> None:
    console.allow("ERR_|WebSocket|UNAVAILABLE")
    pool = await office.pool()
    me = await office.person()
    customers = await office.customers(pool, 3 + before)
    for customer in customers[3:]:
        await assigned(office, me, customer)
    async with wire_to(console.url) as wire:
        page = await console.open(me.member, "/pool", via=wire.url)
        await expect(page.get_by_text("3 customers")).to_be_visible()
        wire.cut()
        await expect(page.get_by_text("No connection")).to_be_visible()
        missed = [await assigned(office, me, customer) for customer in customers[:3]]
        wire.mend()
        await expect(page).to_have_title(f"({3 + before}) Seapool")
        await page.get_by_role("link", name="Alerts").first.click()
        for each in missed:
            await expect(alert_of(page, each)).to_have_count(1)
        await expect(page.get_by_role("article")).to_have_count(3 + before)


async def test_older_alerts_come_by_scrolling(console: Console, office: Office) -> None:
    pool = await office.pool()
    me = await office.person()
    customers = await office.customers(pool, 45)
    for customer in customers:
        await assigned(office, me, customer)
    page = await console.open(me.member, "/alerts")
    first = await Customer.get(id=customers[0])
    await page.get_by_role("article").first.wait_for()
    await expect(alert_of(page, first)).to_have_count(0)
    while not await alert_of(page, first).is_visible():
        await page.mouse.wheel(0, 700)
        await page.wait_for_timeout(50)
    await expect(page.get_by_text("That is all.")).to_be_visible()
