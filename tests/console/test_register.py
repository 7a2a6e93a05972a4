"""The page that registers customers: known ones are shown before and told after."""

from uuid import uuid4

import pytest
from playwright.async_api import Page, Request, expect

from models.ownership import claims
from tests.support.browsing import Console, violations
from tests.support.samples import Office, done

LIMIT = "mutation($perHour: Int!) { setLookupLimit(perHour: $perHour) { __typename } }"
KNOWN = "Is it known already?"


def look_ups(page: Page) -> list[str]:
    """The bodies of the look-ups that the page sends from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if is_look_up(request):
            sent.append(request.post_data or "")

    page.on("request", note)
    return sent


def is_look_up(request: Request) -> bool:
    return "duplicates(customer" in (request.post_data or "")


def new_name() -> str:
    return f"Northern Lights {uuid4().hex[:8]} Trading"


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_colleagues_customer_is_shown_while_typing_and_refused(
    console: Console, office: Office, width: int
) -> None:
    pool = await office.pool()
    me, colleague = await office.person(), await office.person()
    (outcome,) = await claims.claim(colleague, await office.customers(pool, 1))
    held = done(outcome)
    page = await console.open(me.member, "/register", width=width)
    await page.get_by_label("Company name").fill(held.name)
    known = page.get_by_role("region", name=KNOWN)
    await expect(known).to_contain_text("a registration would be refused")
    await expect(known.get_by_role("listitem").first).to_contain_text("Held by a colleague")
    await expect(known).not_to_contain_text(held.name)
    await page.get_by_role("button", name="Register").click()
    refused = page.get_by_role("alert").filter(has_text="Not registered")
    await expect(refused.get_by_role("listitem")).to_contain_text("same name")
    await expect(page.get_by_label("Company name")).to_have_value(held.name)
    assert await violations(page) == []


async def test_only_complete_keys_that_changed_are_looked_up(
    console: Console, office: Office
) -> None:
    await office.pool()
    page = await console.open((await office.person()).member, "/register", alone=True)
    none = page.get_by_text("No such customer is known.")
    sent = look_ups(page)
    await page.get_by_label("Company name").press_sequentially(new_name(), delay=5)
    await expect(none).to_be_visible()
    assert len(sent) == 1
    await page.get_by_label("Contact person").press_sequentially("Wu", delay=5)
    async with page.expect_request(is_look_up):
        await page.get_by_label("Phone").press_sequentially("13800138123", delay=5)
    await expect(none).to_be_visible()
    assert [body.count("13800138123") for body in sent[1:]] == [1]


async def test_a_new_customer_is_ones_own_at_once(console: Console, office: Office) -> None:
    await office.pool(max_hold="P20D")
    name = new_name()
    page = await console.open((await office.person()).member, "/register")
    await page.get_by_label("Company name").fill(name)
    await page.get_by_role("button", name="Register").click()
    done_words = page.get_by_role("status").filter(has_text="is registered and yours")
    await expect(done_words).to_contain_text(name)
    await expect(done_words).to_contain_text("19 days 23 hours")
    await expect(page.get_by_label("Company name")).to_have_value("")
    await page.get_by_role("link", name="My customers").first.click()
    await expect(page.get_by_role("article", name=name)).to_be_visible()


async def test_a_wrong_phone_is_marked_and_what_was_typed_outlasts_a_reload(
    console: Console, office: Office
) -> None:
    await office.pool()
    me, name = await office.person(), new_name()
    page = await console.open(me.member, "/register")
    await page.get_by_label("Company name").fill(name)
    await page.get_by_label("Phone").fill("12")
    await page.get_by_role("button", name="Register").click()
    await expect(page.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    await page.reload()
    await console.sign_in(page, me.member)
    await expect(page.get_by_label("Company name")).to_have_value(name)
    await expect(page.get_by_label("Phone")).to_have_value("12")


async def test_too_many_look_ups_are_told_in_words(console: Console, office: Office) -> None:
    await office.pool()
    await console.api.data((await office.admin()).member, LIMIT, perHour=1)
    page = await console.open((await office.person()).member, "/register", alone=True)
    known = page.get_by_role("region", name=KNOWN)
    sent = look_ups(page)
    await page.get_by_label("Company name").fill(new_name())
    await expect(known).to_contain_text("No such customer")
    await page.get_by_label("Company name").fill(new_name())
    await expect(known).to_contain_text("You looked up as many duplicates as you may")
    assert len(sent) == 2
