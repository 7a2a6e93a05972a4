"""A verb rings the doorbell once what it wrote can be read: else who watches waits for a poll."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from models import database as databases
from models.customers import csv_import, former_keys, moves, update
from models.distribution.rounds import Rounds
from models.erasure.erasing import ErasureReason, erase
from models.holding.comments import comment
from models.holding.deal_decisions import confirm
from models.holding.extension_decisions import decide
from models.holding.extensions import ask
from models.holding.follow_ups import record_deal
from models.holding.reminders import remind_due
from models.imports import stored
from models.imports.order import Order
from models.imports.sheet_import import import_sheet
from models.organizations import absences, calendar
from models.ownership import claims, merging
from models.ownership.drain import release_due
from models.pools import pools
from models.pools.escalation import escalate_due
from models.queue.queue import queue
from models.rules.durations import Span
from models.tables import Customer
from models.texts.text import Reader
from tests.support.samples import Office, found, time_passes
from tests.support.shared_database import database, settings, shared
from tests.support.zones import zone_where_it_is

__all__ = ["database", "settings", "shared"]

RULES: dict[str, Any] = {
    "max_hold": "P10D",
    "follow_up_within": "P10D",
    "reminders": ["P1D"],
    "escalate_before": "P5D",
    "extension_limit": "P3D",
    "deal_approval": True,
}
Act = Callable[[], Awaitable[object]]


@pytest.fixture
async def morning(database: None) -> Office:
    """It is a time of day at which administrators are told what is at risk."""
    return await found(time_zone=zone_where_it_is(12))


async def silent(*acts: Act) -> list[Act]:
    """Those that do not ring, or ring within their transaction, which others can't read yet."""
    return [act for act in acts if await _rings_within(act) != {False}]


async def _rings_within(act: Act) -> set[bool]:
    heard = set[bool]()
    with queue.bell.heard_by(lambda: heard.add(databases.inside_transaction())):
        await act()
    return heard


async def test_verbs_of_pooled_customers_ring(morning: Office) -> None:
    pool, other, li = await morning.pool(), await morning.pool(), await morning.person()
    boss, ids = await morning.admin(), await morning.customers(pool, 6)
    name = (await Customer.get(id=ids[0])).name
    await update.update_customer(boss, ids[0], {"name": "云帆"})
    sheet = await stored.upload(boss, "name\n远航".encode())
    assert (
        await silent(
            partial(claims.claim, li, [ids[1]]),
            partial(update.update_customer, boss, ids[2], {"name": "万里"}),
            partial(former_keys.release_key, boss, ids[0], "NAME", name),
            partial(moves.move_customers, boss, [ids[2]], other.id),
            partial(csv_import.import_customers, boss, pool.id, "name\n千里"),
            partial(import_sheet, boss, Order(pool.id, sheet.id), Reader()),
            partial(merging.merge, boss, ids[3], ids[4], "同一家"),
            partial(erase, boss, ids[5], ErasureReason.REQUESTED),
        )
        == []
    )


async def test_verbs_of_held_customers_ring(morning: Office) -> None:
    pool, li = await morning.pool(**RULES), await morning.person()
    boss, ids = await morning.admin(), await morning.customers(pool, 3)
    await claims.claim(li, ids)
    asked, more = [await ask(li, id, Span.parse("P1D"), "客户开会") for id in ids[:2]]
    assert (
        await silent(
            partial(ask, li, ids[2], Span.parse("P1D"), "等批准"),
            partial(decide, boss, asked.id, False, None),
            partial(decide, boss, more.id, True, None),
            partial(comment, boss, ids[1], "请尽快报价"),
            partial(record_deal, li, ids[2], Decimal(1)),
            partial(confirm, boss, ids[2], False, None),
        )
        == []
    )


async def test_changes_of_rules_and_days_ring(morning: Office) -> None:
    pool, boss = await morning.pool(**RULES), await morning.admin()
    today = boss.organization.calendar.day_of(boss.asked_at)
    assert (
        await silent(
            partial(pools.change_rules, boss, pool.id, replace(pool.rules, capacity=9)),
            partial(calendar.set_calendar, boss, today.year, [today], []),
            partial(absences.set_absence, boss, boss.id, today, today),
            partial(absences.cancel_absence, boss, boss.id, today),
        )
        == []
    )


async def test_what_happens_by_itself_rings(morning: Office) -> None:
    pool, li = await morning.pool(**RULES), await morning.person()
    await claims.claim(li, [await morning.customer(pool)])
    await morning.customer(await morning.pool(distribution={"strategy": "IN_TURN"}))
    assert (
        await silent(
            Rounds(),
            partial(later, "6 days", escalate_due),
            partial(later, "3 days 1 second", remind_due),
            partial(later, "2 days", release_due),
        )
        == []
    )


async def later(interval: str, act: Act) -> None:
    await time_passes(interval)
    await act()
