"""GraphiQL, from our own files and under our policy."""

from playwright.async_api import expect

from tests.support.browsing import Console


async def test_graphiql_answers_with_the_demos_token_and_breaks_no_policy(
    console: Console,
) -> None:
    page = await console.open(None, "/graphiql")
    await expect(page.locator(".graphiql-query-editor .view-line").first).to_be_visible()
    await page.get_by_role("button", name="Execute query").click()
    await expect(page.locator(".graphiql-response")).to_contain_text('"privatePool"')
    styled = "[...document.styleSheets].filter((each) => !each.href && each.cssRules.length).length"
    assert await page.evaluate(styled) > 0
