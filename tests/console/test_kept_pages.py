"""A page that goes from test to test brings nothing along."""

import pytest
from playwright.async_api import Browser, expect

from tests.support.browsing import Console
from tests.support.kept_pages import KeptPages
from tests.support.running import Client

LEAVE = """
async () => {
  localStorage.left = sessionStorage.left = document.cookie = window.name = "left";
  await new Promise((opened) => { indexedDB.open("left").onsuccess = opened; });
  open("about:blank");
}
"""
FOUND = """
async () => [
  localStorage.length, sessionStorage.length, document.cookie, window.name,
  (await indexedDB.databases()).length,
]
"""


@pytest.mark.parametrize("alone", [False, True])
async def test_the_next_test_finds_nothing_of_the_one_before(
    browser: Browser, client: Client, demo: dict[str, dict[str, str]], alone: bool
) -> None:
    kept = KeptPages()
    one, other = Console(browser, client, demo, kept), Console(browser, client, demo, kept)
    before = await one.open("sales1", alone=alone)
    await before.evaluate(LEAVE)
    assert await one.close() == []
    page = await other.open(None)
    assert (page is before) is not alone
    await expect(page.get_by_role("button", name="sales1@demo.test")).to_be_visible()
    assert await page.evaluate(FOUND) == [0, 0, "", "", 0]
    assert page.context.pages == [page]
    told = f"error: told ({page.url})"
    await page.evaluate("console.error('told')")
    assert await other.close() == [told]
    assert one.faults == []
    await kept.close()
