"""The alerts' page: counted, read on sight, and none missed over a cut line."""

from typing import Any

from playwright.async_api import Page, expect

from tests.console.conftest import Ask, Line, SignIn

POOLED = "{ pools { id name customers(first: 20, orderBy: NAME) { nodes { id name } } } }"
MEMBER = "{ viewer { id alerts(first: 1) { unread } } }"
ASSIGN = """mutation($customer: ID!, $member: ID!) {
  assignCustomer(customerId: $customer, memberId: $member) { __typename } }"""


async def assigned(ask: Ask, who: str, count: int) -> list[dict[str, Any]]:
    """Customers that are given to the member just now, one alert for each."""
    member = (await ask(who, MEMBER))["viewer"]["id"]
    (pool,) = (await ask(who, POOLED))["pools"]
    given = []
    for customer in pool["customers"]["nodes"]:
        answer = await ask("manager", ASSIGN, customer=customer["id"], member=member)
        if answer["assignCustomer"]["__typename"] == "Claimed":
            given.append(customer)
        if len(given) == count:
            return given
    raise AssertionError("nobody to give")


def alert_of(page: Page, customer: dict[str, Any]) -> Any:
    return page.get_by_role("article", name=customer["name"], exact=True).first


async def test_unread_alerts_are_counted_in_the_title_and_read_on_sight(
    sign_in: SignIn, ask: Ask
) -> None:
    unread = (await ask("sales1", MEMBER))["viewer"]["alerts"]["unread"]
    assert unread > 0
    page = await sign_in("sales1", "/pool")
    await expect(page).to_have_title(f"({unread}) Seapool")
    await page.get_by_role("link", name="Alerts").first.click()
    await expect(page.get_by_role("article").first).to_contain_text("New")
    await expect(page).to_have_title("Seapool")
    assert (await ask("sales1", MEMBER))["viewer"]["alerts"]["unread"] == 0
    await expect(page.get_by_role("article").first).to_contain_text("New")
    await page.get_by_role("link", name="Pool").first.click()
    await page.get_by_role("link", name="Alerts").first.click()
    await page.get_by_role("article").first.wait_for()
    await expect(page.get_by_text("New", exact=True)).to_have_count(0)


async def test_an_alert_comes_as_it_happens_and_is_read_where_it_is_seen(
    sign_in: SignIn, ask: Ask
) -> None:
    page = await sign_in("sales2", "/alerts")
    await page.get_by_role("article").first.wait_for()
    await expect(page).to_have_title("Seapool")
    (customer,) = await assigned(ask, "sales2", 1)
    await expect(alert_of(page, customer)).to_contain_text("Assigned to you")
    await expect(page).to_have_title("Seapool")
    assert (await ask("sales2", MEMBER))["viewer"]["alerts"]["unread"] == 0


async def test_alerts_behind_a_cut_line_all_come_when_it_is_mended(
    sign_in: SignIn, ask: Ask, line: Line
) -> None:
    page = await sign_in("sales3", "/pool", line=line)
    await page.get_by_role("article").first.wait_for()
    unread = (await ask("sales3", MEMBER))["viewer"]["alerts"]["unread"]
    await expect(page).to_have_title(f"({unread}) Seapool")
    await line.cut()
    await page.get_by_text("No connection").wait_for()
    customers = await assigned(ask, "sales3", 3)
    await line.mend()
    await expect(page).to_have_title(f"({unread + 3}) Seapool")
    await page.get_by_role("link", name="Alerts").first.click()
    for customer in customers:
        await expect(alert_of(page, customer)).to_contain_text("Assigned to you")
