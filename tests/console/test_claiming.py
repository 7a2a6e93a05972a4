"""Claims from the pool's page: one or a selection, and what is refused."""

import re

from playwright.async_api import expect

from models.ownership import claims, releases
from models.pools import pools
from models.rules.rules import Rules
from tests.support.browsing import Console, violations
from tests.support.samples import Office, done


async def test_a_claimed_customer_leaves_the_list_and_fills_the_private_pool(
    console: Console, office: Office
) -> None:
    pool = await office.pool(capacity=2, daily_claim_limit=5)
    me = await office.person()
    await office.customers(pool, 3)
    page = await console.open(me.member, "/pool")
    seat = page.get_by_label("Your private pool")
    await expect(seat).to_contain_text("0 of 2")
    claim = page.get_by_role("button", name=re.compile("^Claim "))
    await claim.first.click()
    await expect(seat).to_contain_text("1 of 2")
    await expect(seat).to_contain_text("4 of 5")
    await claim.first.click()
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page.get_by_role("article")).to_contain_text("you hold 2 of 2")
    await expect(claim.first).to_be_disabled()


async def test_a_claim_that_is_refused_says_why_on_its_row(
    console: Console, office: Office
) -> None:
    pool = await office.pool(capacity=5)
    me = await office.person()
    await office.customers(pool, 2)
    page = await console.open(me.member, "/pool", language="zh-CN", width=390)
    first = page.get_by_role("article").first
    await first.wait_for()
    await pools.change_rules(await office.admin(), pool.id, Rules.from_json({"capacity": 0}))
    await first.get_by_role("button", name="领取").click()
    await expect(first).to_contain_text("已满")
    await expect(page.get_by_role("article")).to_have_count(2)


async def test_of_a_selection_the_refused_ones_stay_and_say_until_when(
    console: Console, office: Office
) -> None:
    pool = await office.pool(daily_claim_limit=2)
    me = await office.person()
    await office.customers(pool, 4)
    page = await console.open(me.member, "/pool", width=390, theme="dark")
    boxes = page.get_by_role("checkbox")
    for number in range(3):
        await boxes.nth(number).check()
    assert await violations(page) == []
    await page.get_by_role("button", name="Claim 3", exact=True).click()
    await expect(page.get_by_text("2 customers claimed. 1 refused")).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(2)
    refused = page.get_by_role("article").filter(has_text="Open to you in")
    await expect(refused).to_have_count(1)
    await expect(page.get_by_role("region", name="Selected customers")).to_have_count(0)


async def test_who_gave_a_customer_back_sees_from_when_they_may_claim_it(
    console: Console, office: Office
) -> None:
    pool = await office.pool(reclaim_cooldown="P3D")
    me = await office.person()
    (customer,) = await office.customers(pool, 1)
    done((await claims.claim(me, [customer]))[0])
    done(await releases.give_back(me, customer, "no need"))
    page = await console.open(me.member, "/pool")
    article = page.get_by_role("article")
    await expect(article).to_contain_text("claim it again from")
    await expect(article).to_contain_text(re.compile("Open to you in (3 days|2 days 23 hours)"))
    await expect(article.get_by_role("button", name="Claim")).to_be_disabled()
