"""Who is signed in, until when, in which language and theme."""

from playwright.async_api import expect

from models.organizations import leaving
from tests.support.browsing import Console
from tests.support.samples import Office
from tests.support.words import Words

SECONDS = 5


async def test_a_deactivated_member_is_signed_out_within_five_seconds_with_words(
    console: Console, office: Office
) -> None:
    console.allow("401")
    pool = await office.pool()
    me = await office.person()
    page = await console.open(me, language="zh-CN")
    await expect(page.get_by_text(Words("zh-CN")("customers.none"), exact=True)).to_be_visible()
    await leaving.deactivate(await office.admin(), me.id, pool.id)
    told = page.get_by_role("alert").filter(has_text=Words("zh-CN")("signin.refused"))
    await expect(told).to_be_visible(timeout=SECONDS * 1000)
    await expect(page.locator("header")).to_have_count(0)


async def test_a_wrong_token_is_refused_with_words(console: Console) -> None:
    console.allow("401|WebSocket")
    page = await console.open(None)
    t = Words("en")
    await page.get_by_role("button", name=t("signin.withToken")).click()
    await page.get_by_label(t("signin.token"), exact=True).fill("not-a-token")
    await page.get_by_role("button", name=t("signin.signIn"), exact=True).click()
    await expect(page.get_by_role("alert")).to_have_text(t("signin.refused"))


async def test_who_signs_out_is_asked_to_sign_in_again(console: Console) -> None:
    t = Words("en")
    page = await console.open("manager")
    await page.get_by_role("button", name="李慧敏").click()
    await page.get_by_role("menuitem", name=t("shell.signOut")).click()
    await expect(page.get_by_role("alert")).to_have_text(t("signin.chosen"))
    assert "token" not in str(await page.context.storage_state()).lower()


async def test_language_and_theme_are_switched_and_remembered(console: Console) -> None:
    page = await console.open("sales1")
    await expect(page.get_by_role("heading", level=1)).to_have_text(Words("en")("customers.title"))
    await page.get_by_role("button", name="切换到中文").click()
    await page.get_by_role("button", name=Words("zh-CN")("shell.dark")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        Words("zh-CN")("customers.title")
    )
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    await expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    await expect(page.get_by_text(Words("zh-CN")("signin.demo"))).to_be_visible()


async def test_a_salesperson_is_not_led_to_a_managers_pages(console: Console) -> None:
    page = await console.open("sales1")
    links = page.get_by_role("navigation").get_by_role("link")
    await expect(links.first).to_be_visible()
    paths = [await link.get_attribute("href") for link in await links.all()]
    assert paths == ["/customers", "/pool", "/alerts", "/register"]
