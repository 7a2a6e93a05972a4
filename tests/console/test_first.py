from playwright.async_api import expect

from tests.support.browsing import Console, violations
from tests.support.samples import Office


async def test_demo(console: Console) -> None:
    page = await console.open("sales1")
    await expect(page.get_by_role("heading", name="My customers")).to_be_visible()
    await page.screenshot(path="/tmp/pw/pt1.png")
    print(await violations(page))


async def test_office(console: Console, office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    who = await office.person("王芳")
    await office.customers(pool, 3)
    page = await console.open(who, "/pool", language="zh-CN", width=390, theme="dark")
    await expect(page.get_by_role("article")).to_have_count(3)
    await page.screenshot(path="/tmp/pw/pt2.png")
    print(await violations(page))
