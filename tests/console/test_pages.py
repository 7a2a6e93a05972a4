"""Each page at both widths, in both themes and languages: axe finds no fault."""

from dataclasses import dataclass

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.support.browsing import Console, Theme, shoot, violations


@dataclass(frozen=True)
class Look:
    language: str
    width: int
    theme: Theme


LOOKS = [
    Look("en", 1280, "light"),
    Look("zh-CN", 1280, "dark"),
    Look("zh-CN", 390, "light"),
    Look("en", 390, "dark"),
]
OF_SALES = {
    "customers": "/customers",
    "pool": "/pool",
    "alerts": "/alerts",
    "register": "/register",
}
OF_MANAGER = ("rules", "team")
ADMIN = (
    *("members", "departments", "pools", "customers"),
    *("import", "calendar", "duplicates", "exports", "channels", "webhooks"),
)
SHEET = """客户名称,手机号码,联系人,客户级别,来源
杭州锦程食品有限公司,13900000001,李雷,A,展会
宁波宏图建材有限公司,1390000,韩梅梅,B,展会
温州新港物流有限公司,13900000003,王芳,A,转介绍
"""
# The heading of the page before may still stand while the next one loads.
GO = """
path => {
  if (location.pathname === path) return;
  document.querySelector("h1").dataset.left = "";
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
"""
# Below the header of the page, which stays.
SCROLL_TO_CARD = """
each => scrollTo(0, each.closest(".sea-card").getBoundingClientRect().top + scrollY - 72)
"""
FIRST_CUSTOMER = "article a[href^='/customer/']"
FIRST_MEMBER = "a[href^='/member/']"


async def visit(page: Page, path: str) -> None:
    """Go there without loading the application anew: the token is in its memory only."""
    await page.locator("h1").wait_for()
    await page.evaluate(GO, path)
    await expect(page.locator("h1:not([data-left])")).to_be_visible()
    await loaded(page)


async def loaded(page: Page) -> None:
    await expect(page.locator(".mantine-Skeleton-root, .mantine-Loader-root")).to_have_count(0)


async def turn_to(page: Page, part: str) -> None:
    """Open a part of the administration."""
    link = page.locator(f'a[href="/admin/{part}"]')
    await link.click()
    await expect(link).to_have_attribute("aria-current", "page")
    await loaded(page)


async def looked_at(page: Page, name: str, look: Look) -> list[str]:
    await shoot(page, f"{name}-{look.width}-{look.theme}")
    return [f"{name}: {each}" for each in await violations(page)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_a_salespersons_pages_have_no_fault(console: Console, look: Look) -> None:
    page = await console.open(None, **vars(look))
    await expect(page.get_by_role("button", name="sales1@demo.test")).to_be_visible()
    found = await looked_at(page, "sign-in", look)
    await console.sign_in(page, "sales1")
    for name in OF_SALES:
        await visit(page, f"/{name}")
        found += await looked_at(page, name, look)
    await visit(page, "/customers")
    await visit(page, str(await page.locator(FIRST_CUSTOMER).first.get_attribute("href")))
    found += await looked_at(page, "customer", look)
    assert found == []


@pytest.mark.parametrize("look", LOOKS, ids=str)
async def test_a_managers_pages_have_no_fault(console: Console, look: Look) -> None:
    page = await console.open("admin", **vars(look))
    found: list[str] = []
    for name in OF_MANAGER:
        await visit(page, f"/{name}")
        found += await looked_at(page, name, look)
    await visit(page, str(await page.locator(FIRST_MEMBER).first.get_attribute("href")))
    found += await looked_at(page, "member", look)
    assert found == []


@pytest.mark.parametrize("look", [Look("en", 1280, "light"), Look("zh-CN", 390, "dark")], ids=str)
async def test_the_pages_of_administration_have_no_fault(console: Console, look: Look) -> None:
    page = await console.open("admin", **vars(look))
    await visit(page, "/admin/members")
    found: list[str] = []
    for part in ADMIN:
        await turn_to(page, part)
        found += await looked_at(page, f"admin-{part}", look)
        if part == "import":
            await prepare(page)
            found += await looked_at(page, "admin-import-preview", look)
    assert found == []


async def prepare(page: Page) -> None:
    """Send a sheet and see what it would do; a picture shows where to look."""
    file = FilePayload(name="展会名单.csv", mimeType="text/csv", buffer=SHEET.encode("gb18030"))
    await page.locator("input[type=file]").set_input_files([file])
    await page.locator("table").wait_for()
    await loaded(page)
    await page.locator("table").evaluate(SCROLL_TO_CARD)
