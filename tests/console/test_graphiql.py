"""GraphiQL, from our own files and under our policy."""

from playwright.async_api import Browser, expect

from schema.console.pages import DIST
from settings import Settings
from tests.support.browsing import Console
from tests.support.running import api_in_process
from tests.support.samples import Office
from tests.support.words import Words

t = Words("en")


async def test_graphiql_answers_with_the_demos_token_and_breaks_no_policy(
    console: Console,
) -> None:
    page = await console.open(None, "/graphiql")
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.locator(".graphiql-response")).to_contain_text('"privatePool"')
    styled = "[...document.styleSheets].filter((each) => !each.href && each.cssRules.length).length"
    assert await page.evaluate(styled) > 0


async def test_its_link_is_shown_where_it_answers(
    browser: Browser, console: Console, settings: Settings, office: Office
) -> None:
    await office.pool()
    me = await office.person("李雷")
    page = await console.open(me)
    link = page.get_by_role("link", name="GraphiQL")
    await expect(link).to_have_attribute("href", "/graphiql")
    off = settings.model_copy(update={"graphiql": False, "console": True})
    async with api_in_process(off, console=DIST) as api:
        without = Console(browser, api, {})
        page = await without.open(None)
        await page.get_by_label(t("signin.token"), exact=True).fill(api.token(me.member))
        await page.get_by_role("button", name=t("signin.signIn"), exact=True).click()
        await expect(page.get_by_role("button", name="李雷")).to_be_visible()
        await expect(page.get_by_role("link", name="GraphiQL")).to_have_count(0)
        assert await without.close() == []
