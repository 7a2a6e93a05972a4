"""What a browser loads before the first page shows."""

import gzip

from playwright.async_api import Response, expect

from tests.support.browsing import Console

MOST = 250_000
# The rest is loaded after some seconds: a slow machine would count it.
WITHOUT_LATER = """
const timer = window.setTimeout;
window.setTimeout = (act, delay, ...rest) => timer(act, delay >= 2000 ? 600000 : delay, ...rest);
"""


async def test_the_first_view_takes_less_than_250_kilobytes(console: Console) -> None:
    page = await console.open(None, alone=True)
    loaded: list[Response] = []
    await page.add_init_script(WITHOUT_LATER)
    page.on("response", lambda response: loaded.append(response))
    await page.reload()
    await console.sign_in(page, "sales1")
    await expect(page.get_by_role("article").first).to_be_visible()
    files = {each.url: each for each in loaded if "/assets/" in each.url}
    bodies = [await each.body() for each in files.values()]
    assert all(bodies)
    assert sum(len(gzip.compress(body)) for body in bodies) < MOST
