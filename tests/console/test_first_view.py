"""What a browser loads before the first page shows."""

import gzip

from playwright.async_api import Response, expect

from tests.support.browsing import Console

MOST = 250_000
# The rest is loaded while nobody waits: behind this script's start, the first page stands.
FIRST_PAGE = "article"


async def test_the_first_view_takes_less_than_250_kilobytes(console: Console) -> None:
    page = await console.open(None)
    loaded: list[Response] = []
    # Neither what the sign-in page needed is forgotten, nor what comes behind the first view counted.
    await page.goto("about:blank")
    page.on("response", loaded.append)
    await page.goto("/customers")
    await console.sign_in(page, "sales1")
    await expect(page.get_by_role(FIRST_PAGE).first).to_be_visible()
    files = [each for each in loaded if "/assets/" in each.url]
    sizes = {each.url: len(gzip.compress(await each.body())) for each in files}
    print(sum(sizes.values()), len(sizes))
    assert sum(sizes.values()) < MOST
