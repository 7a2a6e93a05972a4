"""Sign-in at npm's oidc-provider, which others wrote: code flow with PKCE, renewal, sign-out."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, expect

from schema.console.pages import DIST
from settings import Settings
from tests.conformance.conftest import HERE as SUITES
from tests.support.browsing import Console
from tests.support.node_program import Program, program
from tests.support.packages import installed
from tests.support.running import Client, Person, api_in_process
from tests.support.samples import Office
from tests.support.words import Words

CLIENT, AUDIENCE, RESOURCE = "seapool-console", "seapool-api", "https://seapool.example/api"
HOUR = 3600
# The console renews a token a minute before its end: this one after a second.
SHORT = 61
t = Words("en")


@dataclass
class Provided:
    """The provider, and an API that believes its tokens."""

    url: str
    program: Program
    api: Client

    async def answer(self, office: Office, lifetime: int = HOUR) -> None:
        given = {"client": CLIENT, "audience": AUDIENCE, "resource": RESOURCE}
        about = {"organization": str(office.id), "lifetime": lifetime}
        await self.program.call("answer", self.api.url, given | about)

    async def open(self, console: Console, path: str) -> Page:
        page = await console.open(None, path)
        # Its pages ask for a font of another host.
        await page.route("**/css?family=*", lambda route: route.fulfill(body=""))
        await self.begin(page)
        return page

    async def begin(self, page: Page) -> None:
        host = self.url.removeprefix("http://")
        await page.get_by_role("button", name=t("signin.oidc", issuer=host)).click()
        await page.wait_for_url(f"{self.url}/interaction/*")


@pytest_asyncio.fixture
async def provided(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Provided]:
    run = tmp_path_factory.getbasetemp().parent
    installed(SUITES, tmp_path_factory.mktemp("npm") / "npm.log", run)
    log = tmp_path_factory.mktemp("openid") / "provider.log"
    async with program(SUITES / "openid.mjs", log) as node:
        url = await node.call("listen")
        async with api_in_process(settings_for(settings, url), console=DIST) as api:
            yield Provided(url, node, api)


def settings_for(settings: Settings, url: str) -> Settings:
    changes = {
        "secret": None,
        "jwks_url": f"{url}/jwks",
        "issuer": url,
        "audience": AUDIENCE,
        "oidc_issuer": url,
        "oidc_client_id": CLIENT,
        "oidc_resource": RESOURCE,
        "console": True,
    }
    return settings.model_copy(update=changes)


@pytest_asyncio.fixture
async def console(browser: Browser, provided: Provided) -> AsyncIterator[Console]:
    found = Console(browser, provided.api, {})
    yield found
    assert await found.close() == []


async def sign_in(page: Page, who: Person) -> None:
    """At the provider's own pages."""
    await page.get_by_placeholder("Enter any login").fill(str(who.id))
    await page.get_by_placeholder("and password").fill("any")
    await page.get_by_role("button", name="Sign-in").click()
    await page.get_by_role("button", name="Continue").click()


async def test_who_signs_in_there_works_here_until_they_sign_out_of_both(
    console: Console, provided: Provided, office: Office
) -> None:
    await office.pool()
    me = (await office.person("李雷")).member
    await provided.answer(office)
    page = await provided.open(console, "/pool?order=NAME")
    await sign_in(page, me)
    await page.wait_for_url(f"{console.url}/pool?order=NAME*")
    await expect(page.get_by_role("button", name="李雷")).to_be_visible()
    assert provided.program.unheard() == ["authorization_code"]
    assert await stored(page) == {}

    await page.get_by_role("button", name="李雷").click()
    await page.get_by_role("menuitem", name=t("shell.signOut")).click()
    await page.get_by_role("button", name="Yes, sign me out").click()
    await page.wait_for_url(f"{console.url}/signin/out*")
    await expect(page.get_by_role("alert")).to_have_text(t("signin.chosen"))
    await provided.begin(page)
    await expect(page.get_by_placeholder("Enter any login")).to_be_visible()


async def test_who_is_refused_there_is_told_why_and_can_try_again(
    console: Console, provided: Provided, office: Office
) -> None:
    me = (await office.person("韩梅梅")).member
    await provided.answer(office)
    page = await provided.open(console, "/customers")
    await page.get_by_role("link", name="Cancel").click()
    told = page.get_by_role("alert").filter(has_text=t("signin.issuerRefused"))
    await expect(told).to_contain_text("End-User aborted interaction")
    await provided.begin(page)
    await sign_in(page, me)
    await page.wait_for_url(f"{console.url}/customers*")
    await expect(page.get_by_role("button", name="韩梅梅")).to_be_visible()


async def test_a_token_is_renewed_before_its_end(
    console: Console, provided: Provided, office: Office
) -> None:
    await office.pool()
    me = (await office.person("李雷")).member
    await provided.answer(office, lifetime=SHORT)
    page = await provided.open(console, "/customers")
    sent: list[str] = []
    page.on("request", lambda request: keep_token(sent, request))
    await sign_in(page, me)
    await expect(page.get_by_role("button", name="李雷")).to_be_visible()
    assert [await provided.program.told() for _ in range(2)] == [
        "authorization_code",
        "refresh_token",
    ]
    first = sent[-1]
    await page.get_by_role("link", name=re.compile("^Pool")).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(t("pool.title"))
    assert sent[-1] != first


def keep_token(sent: list[str], request: Request) -> None:
    if request.url.endswith("/graphql"):
        sent.append(request.headers["authorization"])


async def stored(page: Page) -> dict[str, str]:
    """What the browser keeps of tokens and of the round trip, beside the preferences."""
    kept: dict[str, str] = await page.evaluate("() => ({ ...localStorage, ...sessionStorage })")
    return {name: value for name, value in kept.items() if "oidc" in name or "eyJ" in value}
