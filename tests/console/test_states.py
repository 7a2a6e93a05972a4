"""What nobody likes to look at: very long texts, waiting, faults, and nobody answering."""

import contextlib
import json
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from playwright.async_api import Page, Route, expect

from models.ownership import claims
from tests.support import samples
from tests.support.browsing import HEIGHTS, Console, Theme, shoot
from tests.support.extremes import extremes
from tests.support.running import PLACE
from tests.support.samples import Office, until
from tests.support.words import Words

ADMINISTRATION = (
    *("members", "departments", "pools", "customers", "import"),
    *("calendar", "duplicates", "exports", "channels", "webhooks"),
)
# Parts of the page that stick out of it, though nothing around them scrolls or cuts.
STICKING_OUT = """
() => {
  const width = document.documentElement.clientWidth;
  const cut = (each) => {
    for (let box = each.parentElement; box; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true;
    return false;
  };
  const wide = document.documentElement.scrollWidth > width ? [`page: ${document
    .documentElement.scrollWidth} of ${width}`] : [];
  const out = [...document.querySelectorAll("main *, header *, nav *")].filter((each) => {
    const { right, left, width: own } = each.getBoundingClientRect();
    return own > 0 && left >= 0 && right > width + 1 && !cut(each);
  });
  return [...wide, ...out.slice(0, 4).map((each) =>
    `${each.tagName} ${each.className} ${each.textContent.slice(0, 30)}`)];
}
"""
# The page before may still stand while the next one loads.
GO = """
path => {
  document.querySelector("main").lastElementChild.dataset.left = "";
  history.pushState(null, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
"""
WAITING = "main [aria-busy=true], main .mantine-Skeleton-root, main .mantine-Loader-root"
ALERT = "main [role=alert]:has(button)"
# The browser asks for less motion.
ENDLESS = """
() => document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().endTime === Infinity)
  .map((each) => each.animationName)
"""
AGAIN = """
() => {
  const buttons = [...document.querySelectorAll("main [role=alert] button")];
  for (const button of buttons) button.click();
  return buttons.length;
}
"""
WORDS = "Something went wrong on the server; its log has the number 17."
FAULT = {"data": None, "errors": [{"message": WORDS, "extensions": {"code": "INTERNAL"}}]}
UNREACHABLE, OFFLINE = Words("en")("common.unreachable"), Words("en")("shell.offline")
# They ask nothing of the API when they open.
SILENT = ("/admin/import", "/alerts")


@dataclass
class Wire:
    """Between the page and the API: answers wait, are faults, or do not come at all."""

    page: Page
    mode: str = "pass"
    held: list[Route] = field(default_factory=list)

    async def handle(self, route: Route) -> None:
        if self.mode == "hold":
            self.held.append(route)
        else:
            await self._answer(route)

    async def turn(self, mode: str) -> None:
        self.mode = mode
        for route in self.held:
            await self._answer(route)
        self.held.clear()

    async def _answer(self, route: Route) -> None:
        if self.mode == "fault":
            await route.fulfill(body=json.dumps(FAULT), content_type="application/json")
        elif self.mode == "away":
            await route.abort("connectionrefused")
        else:
            await route.continue_()


def routes(customer: UUID, member: UUID) -> list[str]:
    return [
        *("/register", "/customers", "/pool", "/alerts", "/rules", "/team"),
        f"/customer/Customer_{customer.hex}",
        f"/member/Member_{member.hex}",
        *(f"/admin/{part}" for part in ADMINISTRATION),
    ]


async def show(page: Page, path: str) -> None:
    """Go there without loading the application anew: the token is in its memory only."""
    await page.evaluate(GO, path)
    await expect(page.locator("main > :last-child:not([data-left])")).to_be_attached()


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1280, "dark")])
async def test_the_longest_texts_stay_within_each_page(
    console: Console, database: None, width: int, theme: Theme
) -> None:
    number = next(samples.numbers)
    found = await extremes(f"{'w' * 40}@company{number}.of{PLACE}.test")
    page = await console.open(found.viewer, "/alerts", width=width, theme=theme)
    sticking: dict[str, list[str]] = {}
    for path in routes(found.customer, found.colleague):
        await show(page, path)
        await expect(page.locator(WAITING)).to_have_count(0)
        await shoot(page, f"longest{path.replace('/', '-')[:18]}-{width}")
        sticking[path] = await page.evaluate(STICKING_OUT)
    assert {path: each for path, each in sticking.items() if each} == {}


async def test_a_page_waits_visibly_tells_a_fault_and_that_nobody_answers(
    console: Console, office: Office
) -> None:
    console.allow("net::ERR_CONNECTION_REFUSED")
    page, wire, paths = await wired(console, office)
    await page.clock.install()
    for path in paths:
        wire.mode = "hold"
        await show(page, path)
        if path not in SILENT:
            # What another page asked for in vain is told at once.
            await expect(page.locator(f"{WAITING}, {ALERT}").first).to_be_visible()
            assert await page.evaluate(ENDLESS) == []
            await wire.turn("fault")
            await expect(page.locator(ALERT).first).to_contain_text(WORDS)
            await fits(page, path)
            await shoot(page, f"fault{path.replace('/', '-')[:18]}-390")
            await nobody_answers(page, wire)
        await fits(page, path)
        await wire.turn("pass")
        await until(lambda: tried_again(page))


async def nobody_answers(page: Page, wire: Wire) -> None:
    await wire.turn("away")
    await page.evaluate(AGAIN)
    alert = page.locator(ALERT).filter(has_text=UNREACHABLE).first
    while not await alert.is_visible():
        # Each attempt waits longer for the next one.
        await page.clock.fast_forward(6_000)
    await expect(page.get_by_text(OFFLINE)).to_be_visible()


async def fits(page: Page, path: str) -> None:
    for width, height in HEIGHTS.items():
        await page.set_viewport_size({"width": width, "height": height})
        # Over the breakpoint, the margin of the hidden navigation shrinks for a moment.
        with contextlib.suppress(AssertionError):
            await until(lambda: nothing_sticks_out(page))
        assert await page.evaluate(STICKING_OUT) == [], (path, width)


async def nothing_sticks_out(page: Page) -> bool:
    return not await page.evaluate(STICKING_OUT)


async def wired(console: Console, office: Office) -> tuple[Page, Wire, list[str]]:
    """Signed in, with somebody's customer and member to look at."""
    pool = await office.pool(max_hold="P5D")
    (id,) = await office.customers(pool, 1)
    mine = await office.admin()
    await claims.claim(mine, [id])
    page = await console.open(mine, "/alerts", width=390, alone=True)
    await expect(page.locator(WAITING)).to_have_count(0)
    wire = Wire(page)
    await page.route("**/graphql", wire.handle)
    return page, wire, routes(id, mine.id)


async def tried_again(page: Page) -> bool:
    """Press each button that is there; whether none is left to press, and nothing to wait for."""
    pressed = await page.evaluate(AGAIN)
    return not pressed and not await page.locator(WAITING).count()
