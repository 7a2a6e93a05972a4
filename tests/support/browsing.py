"""The console in Chromium, as one person sees it."""

import base64
import contextlib
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Page,
    Response,
    async_playwright,
    expect,
)
from playwright.async_api import Error as PageError

from commands.console.building import CONSOLE, build
from models.viewers import Viewer
from tests.support.kept_pages import KeptPages
from tests.support.running import ROOT, Client, Person

# A start sandboxed needs a user other than root; shared memory is small in containers.
OPTIONS = ["--no-sandbox", "--disable-dev-shm-usage"]
# Each window would load two pages for its address bar: two thirds of what it costs.
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# What Playwright turns off by itself: of two lists Chromium reads the last.
OFF = (
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"),
    *("LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
)
OPTIONS += [f"--disable-features={','.join(OFF + UNSEEN)}"]
# A page lives for seconds: to optimise its code, or to keep its memory small, does not pay off.
OPTIONS += ["--js-flags=--no-opt --no-maglev --min-semi-space-size=32"]
# Nothing here draws in hardware: a process of its own for that only costs the way to it.
OPTIONS += ["--in-process-gpu"]
MILLISECONDS = 20_000
# A busy machine is slow, and no fault.
expect.set_options(timeout=MILLISECONDS)
HEIGHTS = {1280: 800, 390: 844}
SCREENSHOTS = ROOT / "docs" / "screenshots"
AXE = CONSOLE / "node_modules" / "axe-core" / "axe.min.js"
# The page's own word for a broken policy names neither the directive nor the source in full.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
FIND_VIOLATIONS = """
async () => {
  // What fades in has its colours later; what turns for ever does not end.
  const ending = document.getAnimations().filter((each) =>
    Number.isFinite(each.effect.getComputedTiming().endTime));
  await Promise.allSettled(ending.map((each) => each.finished));
  // No rule that runs reads style sheets by itself: axe would load and parse them all again.
  const preload = { assets: ["media"] };
  const found = await axe.run(document, { resultTypes: ["violations"], preload });
  return found.violations.flatMap((each) => each.nodes.map((node) =>
    `${each.id}: ${node.target.join(" ")}: ${node.failureSummary} ${node.html.slice(0, 300)}`));
}
"""

# Only when asked for: no other run changes the working tree.
ASKED = "SCREENSHOTS"

Theme = Literal["light", "dark"]
Who = Viewer | Person | str | None
# The origin, the language, the width and the theme of a page.
Look = tuple[str, str, int, Theme]


def built(log: Path) -> str | None:
    """Build the console where its sources are new. Return None, or why that can't be done.

    Raises AssertionError where the packages are there and the build itself fails.
    """
    said: list[str] = []
    done = build(CONSOLE, log, said.append)
    failed = next((line for line in said if "is not built" in line), None)
    if done and failed is None:
        return None
    assert not (CONSOLE / "node_modules" / ".installed").is_file(), failed
    return failed or "there is no console"


@contextlib.asynccontextmanager
async def browser(path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        await chromium.close()


@dataclass
class Console:
    """Opens pages; `faults` are what their consoles told of errors and violations."""

    browser: Browser
    api: Client
    # By the part of the email before the @.
    demo: dict[str, dict[str, Any]]
    kept: KeptPages | None = None
    faults: list[str] = field(default_factory=list)
    # Each with its look, if another test may have it.
    _pages: list[tuple[Page, Look | None]] = field(default_factory=list)
    _allowed: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.api.url

    async def open(
        self,
        who: Who,
        path: str = "/customers",
        *,
        language: str = "en",
        width: int = 1280,
        theme: Theme = "light",
        via: str | None = None,
        alone: bool = False,
    ) -> Page:
        """A page in an empty browser profile, signed in as `who`.

        `alone`: no other test gets the page. A test says so that listens to it, changes its
        clock, its scripts or its routes: that outlives the document.
        """
        look = (via or self.url, language, width, theme)
        shared = self.kept is not None and via is None and not alone
        page = self.kept.lend(look) if self.kept and shared else None
        if page is None:
            page = await self._new_page(*look)
        self._pages.append((page, look if shared else None))
        self._watch(page)
        await page.goto(path)
        if who is not None:
            await self.sign_in(page, who)
        return page

    async def _new_page(self, url: str, language: str, width: int, theme: Theme) -> Page:
        context = await self.browser.new_context(
            base_url=url,
            locale=language,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=theme,
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        context.set_default_timeout(MILLISECONDS)
        await context.add_init_script(TELL_VIOLATIONS)
        return await context.new_page()

    async def sign_in(self, page: Page, who: Viewer | Person | str) -> None:
        """By a click on a person of the demo, by a token for others."""
        if isinstance(who, str):
            await page.get_by_role("button", name=f"{who}@demo.test").click()
        else:
            await page.get_by_role("button", name=re.compile("Sign in with a token|令牌")).click()
            token = self.api.token(who.member if isinstance(who, Viewer) else who)
            await page.get_by_role("textbox", name=re.compile("^(Token|令牌)")).fill(token)
            await page.locator("form").get_by_role("button").click()
        await page.locator("header").first.wait_for()

    def token(self, who: str) -> str:
        return str(self.demo[who]["token"])

    def allow(self, pattern: str) -> None:
        """Faults with this are wanted: the test provokes them."""
        self._allowed.append(pattern)

    async def close(self) -> list[str]:
        """Close all pages or give them back; return their faults that no test allowed."""
        for page, look in self._pages:
            self._unwatch(page)
            if self.kept is None or look is None:
                await page.context.close()
            else:
                await self.kept.take_back(look, page, self.url)
        return [
            fault
            for fault in self.faults
            if not any(re.search(pattern, fault) for pattern in self._allowed)
        ]

    def _watch(self, page: Page) -> None:
        page.on("console", self._told)
        page.on("pageerror", self._thrown)
        page.on("response", self._answered)

    def _unwatch(self, page: Page) -> None:
        page.remove_listener("console", self._told)
        page.remove_listener("pageerror", self._thrown)
        page.remove_listener("response", self._answered)

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(
                f"{message.type}: {message.text} ({message.page and message.page.url})"
            )

    def _thrown(self, error: PageError) -> None:
        self.faults.append(f"thrown: {error}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"answer: {response.status} {response.url}")


async def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page, as it is shown now."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = await page.evaluate(FIND_VIOLATIONS)
    return found


async def shoot(page: Page, name: str) -> None:
    """Keep a picture in docs/screenshots, if that is asked for."""
    if os.environ.get(ASKED):
        SCREENSHOTS.mkdir(exist_ok=True)
        session = await page.context.new_cdp_session(page)
        # A quarter of a PNG's size, and as sharp.
        shot = await session.send("Page.captureScreenshot", {"format": "webp", "quality": 85})
        (SCREENSHOTS / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))
