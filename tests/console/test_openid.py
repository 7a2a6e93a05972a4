"""Sign-in by an OpenID provider: code flow with PKCE, against a real provider and the real API."""

import re

import pytest
from playwright.async_api import Browser, expect

from schema.console.pages import DIST
from settings import Settings
from tests.support import provider as providers
from tests.support.browsing import Console
from tests.support.provider import Provider, provider
from tests.support.running import api_in_process
from tests.support.samples import Office
from tests.support.words import Words


def settings_for(settings: Settings, issuer: Provider) -> Settings:
    changes = {
        "secret": None,
        "jwks_url": f"{issuer.url}/keys",
        "issuer": issuer.url,
        "audience": providers.AUDIENCE,
        "oidc_issuer": issuer.url,
        "oidc_client_id": providers.CLIENT,
        "console": True,
    }
    return settings.model_copy(update=changes)


@pytest.mark.parametrize("path", ["/customers", "/pool"])
async def test_who_is_signed_in_at_the_provider_comes_back_signed_in(
    browser: Browser, settings: Settings, office: Office, path: str
) -> None:
    await office.pool()
    me = await office.person("李雷")
    async with (
        provider() as issuer,
        api_in_process(settings_for(settings, issuer), console=DIST) as api,
    ):
        issuer.person = me.member
        console = Console(browser, api, {})
        page = await console.open(None, path)
        await page.get_by_role("button", name=re.compile("127.0.0.1")).click()
        await expect(page.get_by_role("button", name="李雷")).to_be_visible()
        await expect(page).to_have_url(re.compile(f"{path}(\\?|$)"))
        assert issuer.redeemed == 1
        stored = str(await page.context.storage_state()).lower()
        assert "access_token" not in stored
        assert await console.close() == []


async def test_a_code_that_the_provider_refuses_is_told_in_words(
    browser: Browser, settings: Settings, office: Office
) -> None:
    async with (
        provider() as issuer,
        api_in_process(settings_for(settings, issuer), console=DIST) as api,
    ):
        console = Console(browser, api, {})
        console.allow("400")
        page = await console.open(None, "/signin/callback?code=stolen&state=unknown")
        told = page.get_by_role("alert").filter(has_text=Words("en")("signin.issuerRefused"))
        await expect(told).to_be_visible()
        await expect(page.locator("header")).to_have_count(0)
        assert issuer.redeemed == 0
        await console.close()
