"""The page that registers customers: known ones are shown before and told after."""

from uuid import uuid4

import pytest
from playwright.async_api import Page, Request, expect

from tests.console.conftest import Ask, SignIn

HELD = "{ viewer { privatePool { customers(first: 1) { nodes { name } } } } }"
LIMIT = "mutation($perHour: Int!) { setLookupLimit(perHour: $perHour) { __typename } }"


def look_ups(page: Page) -> list[str]:
    """The bodies of the look-ups that the page sends from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if "Duplicates" in (request.post_data or "") and "duplicates(" in (request.post_data or ""):
            sent.append(request.post_data or "")

    page.on("request", note)
    return sent


def new_name() -> str:
    return f"Northern Lights {uuid4().hex[:8]} Trading"


async def test_a_colleagues_customer_is_shown_while_typing_and_refused(
    sign_in: SignIn, ask: Ask
) -> None:
    (held,) = (await ask("sales2", HELD))["viewer"]["privatePool"]["customers"]["nodes"]
    page = await sign_in("sales1", "/register")
    await page.get_by_label("Company name").fill(held["name"])
    known = page.get_by_role("region", name="Is it known already?")
    await expect(known).to_contain_text("a registration would be refused")
    await expect(known.get_by_role("listitem").first).to_contain_text("Held by a colleague")
    await page.get_by_role("button", name="Register").click()
    refused = page.get_by_role("alert").filter(has_text="Not registered")
    await expect(refused.get_by_role("listitem")).to_contain_text("same name")
    await expect(page.get_by_label("Company name")).to_have_value(held["name"])


async def test_only_complete_keys_that_changed_are_looked_up(sign_in: SignIn) -> None:
    page = await sign_in("sales1", "/register")
    name, phone = page.get_by_label("Company name"), page.get_by_label("Phone")
    sent = look_ups(page)
    await name.press_sequentially(new_name(), delay=10)
    await page.get_by_text("No such customer is known.").wait_for()
    assert len(sent) == 1
    await phone.press_sequentially("1380013", delay=10)
    await page.get_by_label("Contact person").press_sequentially("Wu")
    await phone.focus()
    await phone.press("End")
    await phone.press_sequentially("8123", delay=10)
    await page.get_by_text("No such customer is known.").wait_for()
    assert [body.count("13800138123") for body in sent[1:]] == [1]


async def test_a_new_customer_is_ones_own_at_once(sign_in: SignIn) -> None:
    name = new_name()
    page = await sign_in("sales3", "/register")
    await page.get_by_label("Company name").fill(name)
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_role("status").first).to_contain_text("is registered and yours")
    await expect(page.get_by_label("Company name")).to_have_value("")
    await page.get_by_role("link", name="My customers").first.click()
    await page.get_by_label("Search by name").fill(name)
    await page.get_by_role("article", name=name).wait_for()


async def test_a_wrong_phone_is_marked_and_what_was_typed_outlasts_a_reload(
    sign_in: SignIn, people: dict[str, dict[str, str]]
) -> None:
    name = new_name()
    page = await sign_in("sales1", "/register")
    await page.get_by_label("Company name").fill(name)
    await page.get_by_label("Phone").fill("12")
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    await page.reload()
    await page.get_by_text(people["sales1"]["name"]).first.click()
    await expect(page.get_by_label("Company name")).to_have_value(name)
    await expect(page.get_by_label("Phone")).to_have_value("12")


@pytest.mark.parametrize("width", [390, 1280])
async def test_too_many_look_ups_are_told_in_words(sign_in: SignIn, ask: Ask, width: int) -> None:
    await ask("admin", LIMIT, perHour=1)
    try:
        page = await sign_in("sales2", "/register", width=width)
        await page.get_by_label("Company name").fill(new_name())
        words = page.get_by_role("region", name="Is it known already?")
        await expect(words).not_to_contain_text("Looking")
        await page.get_by_label("Company name").fill(new_name())
        await expect(words).to_contain_text("look-ups", ignore_case=True)
    finally:
        await ask("admin", LIMIT, perHour=60)
