"""A manager's day, in both languages and at both widths."""

import re

import pytest
from playwright.async_api import Page, expect

from models.holding import extensions
from models.ownership import claims
from models.rules.durations import Span
from models.tables import Customer, Pool
from tests.support.browsing import Console
from tests.support.samples import Office
from tests.support.words import Words


async def menu(page: Page, t: Words, path: str) -> None:
    """By the menu, where the screen is too narrow for links to all pages."""
    burger = page.get_by_role("button", name=t("shell.menu"))
    if await burger.is_visible():
        await burger.click()
    await page.locator(f'a[href="{path}"]:visible').first.click()


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 390), ("en", 1280)])
async def test_a_day_from_new_rules_to_a_customers_history(
    console: Console, office: Office, language: str, width: int
) -> None:
    t = Words(language)
    pool = await office.pool(first_follow_up_within="P5D", extension_limit="P30D")
    owner = await office.person("诸葛明")
    ids = await office.customers(pool, 2)
    await claims.claim(owner, ids)
    await extensions.ask(owner, ids[0], Span.parse("P7D"), "合同审批中")
    customer = await Customer.get(id=ids[0])
    page = await console.open(office.founder, language=language, width=width)

    await menu(page, t, "/rules")
    hold = page.locator('[data-path="firstFollowUpWithin"]')
    await hold.get_by_role("textbox").fill("4")
    preview = page.get_by_role("region", name=t("rules.preview.title"))
    earlier = re.compile(rf"2\s*{t('rules.preview.earlier')}")
    await expect(preview).to_contain_text(earlier)
    await page.get_by_role("button", name=t("rules.save.save")).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name=t("rules.save.confirm")).click()
    await expect(page.get_by_text(t("rules.progress.done", version=2))).to_be_visible()
    assert (await Pool.get(id=pool.id)).rules_version == 2

    await menu(page, t, "/team")
    waiting = page.get_by_role("region", name=t("team.extension.title"))
    grant = t("team.extension.approveOf", name=customer.name)
    await waiting.get_by_role("button", name=grant).click()
    await expect(page.get_by_text(t("team.extension.yes", name=customer.name))).to_be_visible()

    risk = page.get_by_role("region", name=t("team.risk.title"))
    await risk.locator("label").last.click()
    await risk.get_by_role("link", name=customer.name).click()
    history = page.get_by_role("region", name=t("customer.history"))
    granted = t("customer.event.EXTENDED.person", actor=office.founder.name, member="诸葛明")
    await expect(history).to_contain_text(granted)
    await expect(history).to_contain_text(t("customer.event.CLAIMED.rule", member="诸葛明"))
