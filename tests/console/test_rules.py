"""The page of a pool's rules: their effect before they are saved, and after."""

import re
from dataclasses import replace
from typing import Any

from playwright.async_api import Locator, Page, expect

from models.ownership import claims
from models.pools import pools
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.browsing import Console
from tests.support.samples import Office


async def ruled(office: Office, held: int, **rules: Any) -> tuple[Pool, Viewer]:
    """A pool, and the owner of some of its customers."""
    pool = await office.pool(**rules)
    owner = await office.person("王芳")
    await claims.claim(owner, await office.customers(pool, held))
    return pool, owner


def line(page: Page, path: str) -> Locator:
    """The sentence about the value with this path in the API."""
    return page.locator(f'[data-path="{path}"]')


def number(page: Page, path: str) -> Locator:
    return line(page, path).get_by_role("textbox").first


def effect(page: Page) -> Locator:
    return page.get_by_role("region", name="What would happen")


async def press(switch: Locator) -> None:
    """By the keyboard: the bar for saving may lie above it."""
    await switch.press(" ")
    await expect(switch).to_be_checked()


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Save…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Put in force").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_the_effect_stands_beside_before_anything_is_saved(
    console: Console, office: Office
) -> None:
    pool, owner = await ruled(office, 3, max_hold="P20D", capacity=30)
    page = await console.open(office.founder, "/rules")
    await expect(effect(page)).to_contain_text("Nobody loses a customer at once")
    await number(page, "maxHold").fill("1")
    await line(page, "maxHold").get_by_role("combobox").select_option("hour")
    await number(page, "capacity").fill("2")
    shown = effect(page)
    await expect(shown).to_contain_text(re.compile("3\\s*earlier"))
    table = shown.get_by_role("figure", name="Released within").get_by_role("row", name="1 day")
    await expect(table.get_by_role("cell")).to_have_text(["0", "3"])
    await expect(shown).to_contain_text("1 member over capacity")
    await expect(shown).to_contain_text("holds 3, may hold 2")
    customer = await Customer.filter(owner_id=owner.id).first()
    assert customer is not None
    link = shown.get_by_role("link", name=customer.name)
    await expect(link).to_have_attribute("href", re.compile("/customer/Customer_"))
    assert (await Pool.get(id=pool.id)).rules_version == 1


async def test_saved_rules_release_and_their_releases_are_undone(
    console: Console, office: Office
) -> None:
    pool, owner = await ruled(office, 3, max_hold="P20D", reminders=[])
    page = await console.open(office.founder, "/rules")
    await number(page, "maxHold").fill("1")
    await line(page, "maxHold").get_by_role("combobox").select_option("second")
    await expect(effect(page)).to_contain_text("3 customers are released at once")
    await save(page)
    await expect(page.get_by_text("version 2 is in force").first).to_be_visible()
    await expect(page.get_by_text("Version 2 applies to everybody")).to_be_visible()
    lost = await console.open(office.founder, "/pool")
    await expect(lost.get_by_role("article")).to_have_count(3)

    await line(page, "maxHold").get_by_role("combobox").select_option("week")
    await save(page)
    await expect(page.get_by_text("version 3 is in force").first).to_be_visible()
    undo = page.get_by_role("region", name="Undo releases")
    chosen = undo.get_by_role("combobox", name="Version")
    await expect(chosen).to_have_value("2")
    await undo.get_by_role("button", name="Undo releases").click()
    await page.get_by_role("dialog").get_by_role("button", name="Undo releases").click()
    await expect(undo).to_contain_text("3 customers are back with their owners")
    name = office.founder.name
    told = chosen.get_by_role("option", name="Version 2 · ")
    await expect(told).to_contain_text(re.compile(f"^Version 2 · undone by {name} · .+ · {name}$"))
    await expect(chosen.get_by_role("option").first).to_contain_text("Version 3 · in force · ")
    assert await Customer.filter(pool_id=pool.id, owner_id=owner.id).count() == 3


async def test_what_somebody_saved_meanwhile_is_told_and_nothing_typed_is_lost(
    console: Console, office: Office
) -> None:
    pool, _ = await ruled(office, 1, max_hold="P20D", capacity=7)
    page = await console.open(office.founder, "/rules")
    await number(page, "maxHold").fill("40")
    meanwhile = replace(pool.rules, capacity=9)
    await pools.change_rules(await office.admin(), pool.id, meanwhile)
    await page.get_by_role("button", name="Save…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Put in force").click()
    told = page.get_by_role("alert").filter(has_text="Version 2 was saved while you were editing")
    await expect(told).to_be_visible()
    await expect(number(page, "maxHold")).to_have_value("40")
    await expect(number(page, "capacity")).to_have_value("9")
    assert (await Pool.get(id=pool.id)).rules == meanwhile
    await save(page)
    await expect(page.get_by_text("version 3 is in force").first).to_be_visible()
    await expect(told).to_have_count(0)
    stored = (await Pool.get(id=pool.id)).rules
    assert (str(stored.max_hold), stored.capacity) == ("P40D", 9)


async def test_wrong_values_are_marked_at_their_fields(console: Console, office: Office) -> None:
    await ruled(office, 1, max_hold="P20D", first_follow_up_within="P5D")
    page = await console.open(office.founder, "/rules")
    await (
        number(page, "capacity").or_(line(page, "capacity").get_by_role("switch")).first.wait_for()
    )
    await press(page.get_by_role("switch", name="Capacity", exact=True))
    await number(page, "capacity").fill("-1")
    await number(page, "maxHold").fill("2")
    await number(page, "reminders.1").fill("300")
    await page.get_by_role("button", name="Add a level").click()
    await expect(line(page, "capacity")).to_contain_text("must be 0 or more")
    await expect(line(page, "firstFollowUpWithin")).to_contain_text("no longer than “Longest hold”")
    await expect(line(page, "reminders.1")).to_contain_text("longer than every deadline")
    await expect(page.get_by_role("group", name="Rules for level")).to_contain_text("is required")
    await expect(page.get_by_role("button", name="Save…")).to_be_disabled()
    await number(page, "capacity").fill("")
    await expect(line(page, "capacity")).to_contain_text("enter a number")

    await page.get_by_role("button", name="Discard").click()
    await expect(page.locator("[data-wrong]")).to_have_count(0)
    await expect(number(page, "maxHold")).to_have_value("20")


async def test_every_rule_can_be_entered(console: Console, office: Office) -> None:
    pool, owner = await ruled(office, 1)
    page = await console.open(office.founder, "/rules")
    for name in (
        "Capacity",
        "Claims a day",
        "Wait for new customers",
        "Wait before claiming again",
        "First follow-up",
        "Further follow-ups",
        "Time for a deal",
        "Longest hold",
        "Length of a contract",
        "Grace after a change",
        "Longest extension",
        "Dealing out",
        "Dealt a day",
        "Alert to administrators",
    ):
        await press(page.get_by_role("switch", name=name, exact=True))
    await page.get_by_placeholder("Another capacity for…").fill(owner.member.name)
    await page.get_by_role("option", name=owner.member.name).click()
    await page.get_by_role("textbox", name=f"Capacity of {owner.member.name}").fill("5")
    for name in ("wonCount", "workingDays", "absenceStopsClock", "dealExempts", "dealApproval"):
        choice = line(page, name).get_by_role("combobox")
        chosen = await choice.input_value()
        await choice.select_option("false" if chosen == "true" else "true")
    await page.get_by_role("button", name="Add a reminder").click()
    await number(page, "lockLimit").fill("4")
    await press(page.get_by_role("checkbox", name="Person"))
    await page.get_by_role("button", name="Add a level").click()
    await page.get_by_role("textbox", name="Level").fill("A")
    await press(page.get_by_role("switch", name="A: Longest hold"))
    await save(page)
    await expect(page.get_by_text("version 2 is in force").first).to_be_visible()
    stored = (await Pool.get(id=pool.id)).rules.to_json()
    assert stored == {
        "capacity": 30,
        "capacities": [{"member": str(owner.id), "department": None, "capacity": 5}],
        "won_count": False,
        "daily_claim_limit": 10,
        "new_customer_lock": "P1D",
        "reclaim_cooldown": "P7D",
        "first_follow_up_within": "P3D",
        "follow_up_within": "P7D",
        "deal_within": "P30D",
        "max_hold": "P90D",
        "deal_exempts": False,
        "won_for": "P365D",
        "deal_approval": True,
        "reminders": ["P7D", "P3D", "P1D"],
        "working_days": True,
        "grace": "P3D",
        "lock_limit": 4,
        "extension_limit": "P7D",
        "levels": [
            {
                "level": "A",
                "first_follow_up_within": None,
                "follow_up_within": None,
                "deal_within": None,
                "max_hold": "P90D",
            }
        ],
        "masked": ["EMAIL", "PERSON", "PHONE"],
        "absence_stops_clock": True,
        # There is no other pool to choose.
        "release_to": None,
        "escalate_before": "P3D",
        "distribution": {
            "strategy": "IN_TURN",
            "quota": 10,
            "after": "P0D",
            "members": [],
            "departments": [],
        },
    }


async def test_typed_rules_survive_a_reload_and_a_new_sign_in(
    console: Console, office: Office
) -> None:
    await ruled(office, 1, max_hold="P20D")
    page = await console.open(office.founder, "/rules")
    await number(page, "maxHold").fill("40")
    await expect(page.get_by_text("1 change")).to_be_visible()
    await page.reload()
    await console.sign_in(page, office.founder)
    await expect(number(page, "maxHold")).to_have_value("40")


async def test_a_new_pool_has_the_rules_of_the_one_on_the_screen(
    console: Console, office: Office
) -> None:
    pool, _ = await ruled(office, 1, max_hold="P20D", capacity=7)
    page = await console.open(office.founder, "/rules")
    await page.get_by_role("button", name="New pool").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Name").fill(pool.name)
    await dialog.get_by_role("button", name="Create the pool").click()
    await expect(dialog).to_contain_text("another pool has this name")
    await dialog.get_by_role("textbox", name="Name").fill("华北公海")
    await dialog.get_by_role("button", name="Create the pool").click()
    await expect(page.get_by_text("华北公海: version 1 is in force")).to_be_visible()
    await expect(number(page, "capacity")).to_have_value("7")
    made = await Pool.get(organization_id=office.id, name="华北公海")
    assert made.rules == pool.rules


async def test_advice_says_what_it_rests_on(console: Console, office: Office) -> None:
    await ruled(office, 1, max_hold="P20D")
    page = await console.open(office.founder, "/rules")
    await page.get_by_role("button", name="What capacity fits?").click()
    await expect(page.get_by_text("this pool has no signed customer yet")).to_be_visible()
    await page.get_by_role("textbox", name="Days to a deal").fill("20")
    await page.get_by_role("textbox", name="Visits a day").fill("2.5")
    await expect(page.get_by_text("Rests on 0 signed customers and 0 visits")).to_be_visible()
    await page.get_by_role("button", name="Take 50 as capacity").click()
    await expect(number(page, "capacity")).to_have_value("50")
    await expect(page.get_by_text("1 change")).to_be_visible()


async def test_a_salesperson_reads_that_they_rule_no_pool(console: Console, office: Office) -> None:
    page = await console.open((await office.person()).member, "/rules")
    await expect(page.get_by_text("No pool to rule yet")).to_be_visible()
    await expect(page.get_by_role("button", name="New pool")).to_have_count(0)
