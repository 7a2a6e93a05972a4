"""What is typed and sent while the connection is bad."""

import json
from typing import Any

from playwright.async_api import Locator, Page, Request, expect

from models.ownership import claims
from models.tables import Customer
from tests.support.browsing import Console
from tests.support.samples import Office, done, story
from tests.support.wire import wire_to
from tests.support.words import Words

LOST = r"net::ERR_|WebSocket"
t = Words("en")


async def held(office: Office, who: Any) -> Customer:
    pool = await office.pool(follow_up_within="P7D")
    viewer = await office.viewer(who.id)
    (claimed,) = await claims.claim(viewer, [await office.customer(pool)])
    return done(claimed)


def follow_up(page: Page) -> Locator:
    return page.get_by_role("button", name=t("customers.do.followUp"))


async def test_an_answer_that_is_lost_is_asked_for_again_and_done_once(
    console: Console, office: Office
) -> None:
    console.allow(LOST)
    me = await office.person()
    customer = await held(office, me)
    keys: list[str] = []

    async with wire_to(console.url) as wire:

        def sent(request: Request) -> None:
            """The browser repeats a request by itself once; then the console does."""
            if "LogFollowUp" in (request.post_data or ""):
                body = json.loads(request.post_data or "")
                keys.append(body["variables"]["idempotencyKey"])
                wire.loses = b"LogFollowUp" if len(keys) == 1 else None

        page = await console.open(me, via=wire.url)
        page.on("request", sent)
        await follow_up(page).click()
        wire.loses = b"LogFollowUp"
        await page.get_by_role("button", name=t("common.kind.CALL")).click()
        told = t.like("customers.followedUp", name=customer.name)
        await expect(page.get_by_text(told)).to_be_visible()
    assert wire.lost >= 1
    assert len(keys) >= 2
    assert len(set(keys)) == 1
    assert await story(customer.id) == ["CREATED", "CLAIMED", "FOLLOWED_UP"]


async def test_without_a_connection_a_banner_shows_and_what_is_sent_waits_for_it(
    console: Console, office: Office
) -> None:
    console.allow(LOST)
    me = await office.person()
    customer = await held(office, me)
    async with wire_to(console.url) as wire:
        page = await console.open(me, via=wire.url)
        await follow_up(page).click()
        note = page.get_by_label(t("customers.note"))
        await note.fill("typed on the train")
        wire.cut()
        banner = page.get_by_text(t("shell.offline"), exact=True)
        await expect(banner).to_be_visible()
        await page.get_by_role("button", name=t("common.kind.CALL")).click()
        await expect(note).to_have_value("typed on the train")
        wire.mend()
        told = t.like("customers.followedUp", name=customer.name)
        await expect(page.get_by_text(told)).to_be_visible()
        await expect(banner).to_have_count(0)
    assert await story(customer.id) == ["CREATED", "CLAIMED", "FOLLOWED_UP"]


async def test_what_is_typed_survives_a_reload(console: Console, office: Office) -> None:
    me = await office.person()
    await held(office, me)
    page = await console.open(me)
    await follow_up(page).click()
    await page.get_by_label(t("customers.note")).fill("half a sen")
    await page.reload()
    await console.sign_in(page, me)
    await follow_up(page).click()
    await expect(page.get_by_label(t("customers.note"))).to_have_value("half a sen")
