"""A reminder that is due while nobody tells it is told later, or its release says so."""

from typing import Any
from uuid import UUID

import pytest

from models import database
from models.alerts.inbox import inbox
from models.alerts.wording import words
from models.customers.update import update_customer
from models.holding import follow_ups
from models.holding.reminders import remind_due
from models.ledger import replay
from models.organizations.calendar import set_calendar
from models.ownership import claims, releases
from models.ownership.drain import release_due
from models.paging import Window
from models.pools import pools
from models.rules.rules import Rules
from models.rules.schedule import NEARER
from models.tables import Pool
from models.viewers import Viewer
from tests.support.samples import Office, events, row, time_passes

RULES: dict[str, Any] = {
    "max_hold": "PT240H",
    "follow_up_within": "PT720H",
    "reminders": ["PT72H", "PT24H"],
    "working_days": True,
}


@pytest.mark.parametrize("act", ["capacity", "reminders", "level", "calendar", "follow-up"])
async def test_what_leaves_the_deadline_leaves_reminders_that_are_due(
    office: Office, act: str
) -> None:
    pool, li, id = await held(office, **RULES)
    await time_passes("9 days")
    await rewritten(office, pool, li, id, act)
    assert await remind_due() == 1
    assert await told(id) == ["PT72H", "PT24H"]
    assert await remind_due() == 0
    assert await replay.differences() == []


async def test_a_follow_up_that_leaves_a_nearer_deadline_leaves_its_news(office: Office) -> None:
    pool, li, id = await held(office, max_hold="P20D", reminders=["P1D"])
    known = (await row(id)).release_at
    await change(office, pool, max_hold="P10D", reminders=["P1D"])
    await follow_ups.log_follow_up(li, id, "CALL", "在")
    assert (await row(id)).announced_release_at == known
    assert await remind_due() == 1
    (event,) = await events(id, "REMINDED")
    assert event.details == {"offset": NEARER, "rules_version": 2}
    assert (await row(id)).remind_offsets == ["P1D"]


async def test_a_deadline_that_was_moved_away_and_back_unheard_is_told(office: Office) -> None:
    pool, _, id = await held(office, max_hold="P20D", reminders=["P7D", "P3D"])
    await change(office, pool, max_hold="P19D", reminders=["P7D", "P3D"])
    await time_passes("18 days")
    await change(office, pool, max_hold="P20D", reminders=["P7D", "P3D"])
    assert await remind_due() == 1
    assert await told(id) == ["P3D"]


async def test_a_deadline_that_was_moved_away_and_back_repeats_no_reminder(
    office: Office,
) -> None:
    pool, _, id = await held(office, max_hold="P20D", reminders=["P3D"])
    await time_passes("18 days")
    await remind_due()
    await change(office, pool, max_hold="P19D", reminders=["P3D"])
    await change(office, pool, max_hold="P20D", reminders=["P3D"])
    await remind_due()
    assert await told(id) == ["P3D"]


async def test_a_release_tells_which_reminders_came_too_late(office: Office) -> None:
    pool, li, id = await held(office, max_hold="P10D", reminders=["P3D", "P1D"])
    await time_passes("7 days")
    await remind_due()
    await time_passes("3 days")
    await change(office, pool, max_hold="P10D", reminders=["P3D", "P1D"], capacity=9)
    assert await remind_due() == 0
    assert await release_due() == 1
    (event,) = await events(id, "RELEASED")
    assert event.details["missed_reminders"] == ["P1D"]
    newest, _ = (await inbox(li, window=Window(5), unread_only=False)).nodes
    customer = await row(id)
    assert words(newest, customer, li.id) == (
        f"{customer.name} was released: the longest hold ended."
        " Its reminder could not be sent in time."
    )
    assert await told(id) == ["P3D"]
    assert await replay.differences() == []


async def test_a_release_after_all_its_reminders_misses_none(office: Office) -> None:
    _, _, id = await held(office, max_hold="P10D", reminders=["P3D"])
    await time_passes("7 days")
    await remind_due()
    await time_passes("3 days")
    await release_due()
    (event,) = await events(id, "RELEASED")
    assert "missed_reminders" not in event.details


async def test_who_gives_back_misses_no_reminder(office: Office) -> None:
    _, li, id = await held(office, max_hold="P10D", reminders=["P3D"])
    await time_passes("8 days")
    await releases.give_back(li, id, "不合适")
    (event,) = await events(id, "RELEASED")
    assert "missed_reminders" not in event.details


async def held(office: Office, **rules: Any) -> tuple[Pool, Viewer, UUID]:
    pool, li = await office.pool(**rules), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    return pool, li, id


async def change(office: Office, pool: Pool, **rules: Any) -> None:
    await pools.change_rules(await office.admin(), pool.id, Rules.from_json(rules))


async def rewritten(office: Office, pool: Pool, li: Viewer, id: UUID, act: str) -> None:
    before = (await row(id)).release_at
    if act == "capacity":
        await change(office, pool, **RULES, capacity=77)
    elif act == "reminders":
        await change(office, pool, **RULES | {"reminders": ["PT99H", "PT48H"]})
    elif act == "level":
        await update_customer(await office.admin(), id, {"level": "A"})
    elif act == "calendar":
        await set_calendar(await office.admin(), 2031, [], [])
    else:
        await follow_ups.log_follow_up(li, id, "CALL", "在")
    customer = await row(id)
    (pool_row,) = await database.rows("SELECT rules_version FROM pool WHERE id = $1", pool.id)
    assert (customer.release_at, customer.rules_version) == (before, pool_row["rules_version"])


async def told(id: UUID) -> list[str]:
    return [event.details["offset"] for event in await events(id, "REMINDED")]
