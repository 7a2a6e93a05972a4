"""The console in a real Chromium, before `manage.py up` with the demo."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, WebSocketRoute, async_playwright, expect

from tests.support.running import ROOT, short_folder
from tests.support.supervised import Up, running

# A busy machine may take long; what is right is seen at once.
expect.set_options(timeout=20_000)

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

Ask = Callable[..., Awaitable[Any]]
SignIn = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def console_up() -> Iterator[Up]:
    if not (ROOT / "console" / "dist" / "index.html").exists():
        pytest.skip("the console is not built: npm run build in console/")
    with short_folder() as folder, running(folder / "data") as up:
        yield up


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--no-proxy-server"]
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def people(console_up: Up) -> dict[str, dict[str, str]]:
    found = console_up.get("/console/demo.json").json()["people"]
    return {person["email"].split("@")[0]: person for person in found}


@pytest.fixture
def ask(console_up: Up, people: dict[str, dict[str, str]]) -> Ask:
    """`await ask("sales1", document, variable=…)` returns the answer's data."""

    async def send(who: str, document: str, **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {people[who]['token']}"}
        body = {"query": document, "variables": variables}
        async with httpx2.AsyncClient(trust_env=False, verify=False) as client:
            answer = await client.post(f"{console_up.url}/graphql", json=body, headers=headers)
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    return send


@pytest_asyncio.fixture
async def sign_in(
    chromium: Browser, console_up: Up, people: dict[str, dict[str, str]]
) -> AsyncIterator[SignIn]:
    """`await sign_in("sales1", "/pool")` returns the page; nothing may go wrong in its console."""
    contexts, problems = [], list[str]()

    async def enter(
        who: str, path: str, *, language: str = "en", width: int = 1280, line: "Line | None" = None
    ) -> Page:
        context = await chromium.new_context(
            locale=language, viewport={"width": width, "height": 844}, has_touch=width < 600
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        if line:
            await page.route_web_socket("**/graphql", line.carry)
        await page.goto(console_up.url + path)
        await page.get_by_text(people[who]["name"]).first.click()
        return page

    yield enter
    for context in contexts:
        await context.close()
    assert problems == []


class Line:
    """The websockets of a page, to cut and to mend."""

    def __init__(self) -> None:
        self.open: list[tuple[WebSocketRoute, WebSocketRoute]] = []
        self.is_cut = False
        self.came = asyncio.Event()

    async def carry(self, page: WebSocketRoute) -> None:
        if self.is_cut:
            return await page.close(code=1012)
        server = page.connect_to_server()
        self.open.append((page, server))
        self.came.set()

    async def cut(self) -> None:
        self.is_cut = True
        for page, server in self.open:
            await server.close()
            await page.close(code=1012)
        self.open.clear()
        self.came.clear()

    async def mend(self) -> None:
        self.is_cut = False
        await self.came.wait()


@pytest.fixture
def line() -> Line:
    return Line()
