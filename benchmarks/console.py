"""The console in Chromium: how soon its first page shows, and how a long list scrolls."""

import shutil
import statistics

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.ground import ground, sales_team
from benchmarks.serving import serving
from commands.tokens import sign
from models.rules.rules import Rules

ROUNDS = 7
CUSTOMERS = 10_000
# Of one frame at 60 in a second; a longer one is a dropped frame, a second without any is lost.
FRAME = 1000 / 60
LONGEST_SCROLL_SECONDS = 240
COUNT_FRAMES = """
([rows, seconds]) => new Promise((resolve) => {
  const gaps = [];
  let last = performance.now();
  const until = last + seconds * 1000;
  function frame(now) {
    gaps.push(now - last);
    last = now;
    window.scrollBy(0, 1000);
    const end = document.querySelector(`[aria-posinset="${rows}"]`);
    if (now < until && !end) requestAnimationFrame(frame);
    else resolve(gaps.slice(1));
  }
  requestAnimationFrame(frame);
})
"""
SHOWN = """
() => Math.max(...performance.getEntriesByType("paint").map((each) => each.startTime))
"""


async def main() -> None:
    path = shutil.which("chromium")
    if path is None:
        print("console: no Chromium here")
        return
    async with ground() as settings, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        _, team = await sales_team(1, CUSTOMERS, Rules())
        token = sign(settings, team[0].id, team[0].organization.id)
        with serving(settings) as port:
            url = f"http://{settings.host}:{port}"
            await _first_views(browser, url, token)
            await _scroll(browser, url, token)


async def _first_views(browser: Browser, url: str, token: str) -> None:
    sign_ins, pages = [], []
    for _ in range(ROUNDS):
        page, painted, shown = await _signed_in(browser, url, token)
        sign_ins.append(painted)
        pages.append(shown)
        await page.context.close()
    print(f"console: sign-in painted after {_of(sign_ins)}, first page after {_of(pages)} more")


async def _signed_in(browser: Browser, url: str, token: str) -> tuple[Page, float, float]:
    """Return the page, and the milliseconds until it was painted and until the list showed."""
    context = await browser.new_context(base_url=url, locale="en")
    page = await context.new_page()
    await page.goto("/pool")
    await page.get_by_role("textbox").fill(token)
    painted = float(await page.evaluate(SHOWN))
    began = float(await page.evaluate("() => performance.now()"))
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_role("article").first.wait_for()
    shown = float(await page.evaluate("() => performance.now()")) - began
    return page, painted, shown


async def _scroll(browser: Browser, url: str, token: str) -> None:
    page, *_ = await _signed_in(browser, url, token)
    page.set_default_timeout(2 * LONGEST_SCROLL_SECONDS * 1000)
    gaps: list[float] = await page.evaluate(COUNT_FRAMES, [CUSTOMERS, LONGEST_SCROLL_SECONDS])
    rows = await page.locator("[aria-posinset]").last.get_attribute("aria-posinset")
    late = sum(gap > 2 * FRAME for gap in gaps)
    print(
        f"console: {rows} of {CUSTOMERS} rows scrolled in {sum(gaps) / 1000:.0f} s,"
        f" {len(gaps)} frames, {late} late, the longest {max(gaps):.0f} ms"
    )


def _of(milliseconds: list[float]) -> str:
    median = statistics.median(milliseconds)
    return f"{median:.0f} ms ({min(milliseconds):.0f}-{max(milliseconds):.0f})"
