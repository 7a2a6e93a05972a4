"""Rules at random, one after the other: what was previewed comes, and who is told of it."""

import random
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models.customers.update import update_customer
from models.holding import extension_decisions, extensions, follow_ups, locks, reminders
from models.ledger import replay
from models.ownership import claims
from models.pools import pools, preview
from models.rules.durations import Span
from models.rules.problems import problems_of
from models.rules.rules import Rules
from models.tables import Customer, Event, Pool
from models.viewers import Viewer
from tests.support.samples import Office, time_passes

DEADLINES = ("first_follow_up_within", "follow_up_within", "deal_within", "max_hold")
LENIENT: dict[str, Any] = {
    "deal_within": "P80D",
    "max_hold": "P90D",
    "reminders": [],
    "lock_limit": 24,
    "extension_limit": "P60D",
}


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_previewed_comes_and_whoever_has_less_time_is_told(
    office: Office, seed: int
) -> None:
    chance = random.Random(seed)
    pool, moved = await held(office, chance), 0
    for _ in range(8):
        rules, before = at_random(chance), await release_dates(pool)
        admin = await office.admin()
        told = await preview.preview(admin, pool.id, rules)
        changed = await pools.change_rules(admin, pool.id, rules)
        proposed = {each.customer_id: each.proposed for each in told.moved_most}
        foreseen = with_grace(admin, rules, told.at, changed.rules_changed_at, before | proposed)
        assert await release_dates(pool) == foreseen
        assert {each.customer_id: each.today for each in told.moved_most} == {
            id: before[id] for id in proposed
        }
        assert await reminded() == {
            id
            for id in proposed
            if is_earlier(foreseen[id], before[id]) and not is_earlier(foreseen[id], told.at)
        }
        assert await replay.differences() == []
        moved += len(proposed)
    assert moved > 60


async def held(office: Office, chance: random.Random) -> Pool:
    """Customers of one member in all manner of standings."""
    pool = await office.pool(**LENIENT)
    admin, li = await office.admin(), await office.person()
    ids = await office.customers(pool, 24)
    for start in range(0, len(ids), 6):
        await claims.claim(li, ids[start : start + 6])
        await time_passes(f"{chance.randint(1, 200)} hours")
    for id in ids:
        await update_customer(admin, id, {"level": chance.choice(["A", "B", None])})
        if chance.random() < 0.3:
            await follow_ups.log_follow_up(li, id, "CALL", "谈了报价")
        if chance.random() < 0.3:
            await extend(admin, li, id, Span.parse(f"P{chance.randint(1, 60)}D"))
        if chance.random() < 0.3:
            await follow_ups.record_deal(li, id, Decimal(1))
        if chance.random() < 0.2:
            await locks.lock(li, id)
    return pool


async def extend(admin: Viewer, owner: Viewer, id: UUID, by: Span) -> None:
    asked = await extensions.ask(owner, id, by, "客户下周开会")
    await extension_decisions.decide(admin, asked.id, True, None)


def at_random(chance: random.Random) -> Rules:
    """Without reminders of their own, so that only what came nearer is told."""
    while True:
        wanted: dict[str, Any] = {
            "grace": span(chance),
            "working_days": chance.random() < 0.5,
            "deal_exempts": chance.random() < 0.6,
            "won_for": span(chance),
            "reminders": [],
            "levels": [{"level": level} | deadlines(chance) for level in "AB"],
        }
        rules = Rules.from_json(wanted | deadlines(chance))
        if not problems_of(rules):
            return rules


def deadlines(chance: random.Random) -> dict[str, str | None]:
    return {name: span(chance) for name in DEADLINES}


def span(chance: random.Random) -> str | None:
    days, hours = chance.randint(1, 40), chance.randint(1, 30)
    return chance.choice([None, None, f"P{days}D", f"PT{days * hours}H", f"P{days}DT{hours}H"])


async def release_dates(pool: Pool) -> dict[UUID, datetime | None]:
    return {each.id: each.release_at for each in await Customer.filter(pool_id=pool.id)}


def with_grace(
    viewer: Viewer,
    rules: Rules,
    previewed_at: datetime,
    ruled_at: datetime,
    dates: dict[UUID, datetime | None],
) -> dict[UUID, datetime | None]:
    """A grace is counted from the change, which came a little after the preview."""
    if rules.grace is None:
        return dates
    end, later = (
        viewer.organization.calendar.after(moment, rules.grace, rules.working_days)
        for moment in (previewed_at, ruled_at)
    )
    assert all(date is None or date >= end for date in dates.values())
    return {id: later if date == end else date for id, date in dates.items()}


def is_earlier(date: datetime | None, than: datetime | None) -> bool:
    return date is not None and (than is None or date < than)


async def reminded() -> set[UUID | None]:
    """Whose owners hear of it now."""
    told = await Event.filter(action="REMINDED").count()
    await reminders.remind_due()
    return {
        event.customer_id
        for event in await Event.filter(action="REMINDED").order_by("seq").offset(told)
    }
