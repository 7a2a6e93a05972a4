"""What administrators hear each morning of what their pools are about to release."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError

from models.database import rows
from models.ledger import replay
from models.lists.at_risk import count_at_risk
from models.organizations.departments import save_department
from models.ownership import claims
from models.pools import access, pools
from models.pools.escalation import LISTED, escalate_due
from models.rules.durations import Span
from models.tables import Event, Pool
from models.viewers import Viewer
from tests.support.samples import Office, found, time_passes
from tests.support.zones import zone_where_it_is
from workers.sweep import Sweep

RULES: dict[str, Any] = {"max_hold": "P10D", "escalate_before": "P3D"}


@pytest.fixture
async def morning(database: None) -> Office:
    return await found(time_zone=zone_where_it_is(12))


async def held(office: Office, how_many: int, **rules: Any) -> tuple[Pool, Viewer, list[UUID]]:
    """Customers that are released in three days."""
    pool = await office.pool(**RULES | rules)
    li, ids = await office.person("李雷"), await office.customers(pool, how_many)
    await claims.claim(li, ids)
    await time_passes("7 days 1 second")
    return pool, li, list(ids)


async def told(who: Viewer) -> list[Event]:
    return await Event.filter(action="ESCALATED", member_id=who.id).order_by("seq")


async def test_one_alert_lists_what_is_released_the_nearest_first(morning: Office) -> None:
    pool, _, ids = await held(morning, 3)
    await rows(
        "UPDATE customer SET release_at = release_at - '1 hour'::interval WHERE id = $1", ids[1]
    )
    later = await morning.customer(pool)
    await claims.claim(await morning.person(), [later])
    admin, within = await morning.admin(), Span.parse("P3D")
    assert await escalate_due() == 1
    (event,) = await told(admin)
    assert event.details["count"] == 3
    assert event.details["count"] == (await count_at_risk(admin, [pool.id], within=within))[pool.id]
    order = [ids[1], *sorted({ids[0], ids[2]})]
    assert event.details["customers"] == [str(id) for id in order]
    assert (event.customer_id, event.epoch, event.actor_id) == (ids[1], 1, None)
    await rows("UPDATE customer SET release_at = release_at + '1 hour'::interval")
    assert await Event.filter(action="ESCALATED").count() == 1


async def test_who_administers_the_pool_hears_of_it_and_nobody_else(morning: Office) -> None:
    pool, li, _ = await held(morning, 2)
    manager, runs, sales = [await morning.person(role=r) for r in ("MANAGER", "SALES", "SALES")]
    outside, leaver = await morning.person(role="MANAGER"), await morning.person(role="MANAGER")
    admin = await morning.admin()
    await access.set_access(admin, pool.id, [li.id, manager.id, sales.id, leaver.id], [], [runs.id])
    await rows("UPDATE member SET active = false WHERE id = $1", leaver.id)
    assert await escalate_due() == 3
    for who, count in ((admin, 1), (manager, 1), (runs, 1), (li, 0), (sales, 0), (outside, 0)):
        assert len(await told(who)) == count


async def test_who_leads_an_owner_hears_of_theirs_and_below_and_of_nothing_beside(
    morning: Office,
) -> None:
    pool, li, _ = await held(morning, 2)
    han, top, near, admin = [await morning.person() for _ in range(3)] + [await morning.admin()]
    await claims.claim(han, await morning.customers(pool, 3))
    await rows("UPDATE customer SET release_at = now() + '1 day'::interval")
    above = await save_department(admin, None, "总部", lead_id=top.id)
    east = await save_department(admin, None, "华东", parent_id=above.id, lead_id=near.id)
    await rows("UPDATE member SET department_id = $2 WHERE id = $1", li.id, east.id)
    await rows("UPDATE member SET department_id = $2 WHERE id = $1", near.id, above.id)
    assert await escalate_due() == 3
    for who, count in ((admin, 5), (top, 2), (near, 2)):
        assert [each.details["count"] for each in await told(who)] == [count]
    assert await told(han) == []


async def test_several_pools_make_one_alert_and_a_pool_without_the_rule_none(
    morning: Office,
) -> None:
    first, _, ids = await held(morning, LISTED + 5)
    other = await morning.pool(**RULES | {"escalate_before": "P20D"})
    silent = await morning.pool(max_hold="P10D")
    han = await morning.person()
    await claims.claim(han, [*await morning.customers(other, 2), await morning.customer(silent)])
    runs = await morning.person()
    await access.set_access(await morning.admin(), other.id, [], [], [runs.id])
    assert await escalate_due() == 2
    (whole,), (part,) = await told(await morning.admin()), await told(runs)
    assert (whole.details["count"], len(whole.details["customers"])) == (LISTED + 7, LISTED)
    # The nearest first, all of one owner.
    assert set(whole.details["customers"]) < {str(id) for id in ids}
    assert (part.details["count"], len(part.details["customers"])) == (2, 2)
    assert first.id != other.id


async def test_an_alert_comes_once_a_day_and_only_when_there_is_something(
    morning: Office,
) -> None:
    pool, _, _ = await held(morning, 1)
    assert (await escalate_due(), await escalate_due()) == (1, 0)
    await time_passes("1 day")
    assert (await escalate_due(), await escalate_due()) == (1, 0)
    assert [each.details["count"] for each in await told(await morning.admin())] == [1, 1]
    await pools.change_rules(await morning.admin(), pool.id, replace(pool.rules, max_hold=None))
    await time_passes("1 day")
    assert await escalate_due() == 0
    assert await replay.differences() == []


async def test_what_goes_before_a_late_alert_of_tomorrow_is_told_today(morning: Office) -> None:
    """By the end of tomorrow, however short escalateBefore is."""
    pool = await morning.pool(max_hold="P10D", escalate_before="P1D")
    li, ids = await morning.person(), await morning.customers(pool, 2)
    await claims.claim(li, ids)
    soon = "UPDATE customer SET release_at = now() + $2::interval WHERE id = $1"
    for id, wait in zip(ids, (timedelta(hours=25), timedelta(hours=37)), strict=True):
        await rows(soon, id, wait)
    assert await escalate_due() == 1
    (event,) = await told(await morning.admin())
    assert (event.details["customers"], event.details["count"]) == ([str(ids[0])], 1)


async def test_two_workers_tell_it_once(morning: Office) -> None:
    await held(morning, 2)
    assert sum(await asyncio.gather(*(escalate_due() for _ in range(6)))) == 1
    (event,) = await told(await morning.admin())
    again = """INSERT INTO event (organization_id, customer_id, epoch, action, member_id, details)
      SELECT organization_id, customer_id, epoch, action, member_id, details
      FROM event WHERE id = $1"""
    with pytest.raises(IntegrityError, match="event_one_escalation"):
        await rows(again, event.id)


async def test_before_the_morning_nobody_is_told(database: None) -> None:
    office = await found(time_zone=zone_where_it_is(3))
    await held(office, 1)
    assert (await escalate_due(), await escalate_due()) == (0, 0)
    assert await Event.filter(action="ESCALATED").count() == 0
    await time_passes("6 hours")
    (due,) = await rows("SELECT escalates_at <= now() AS due FROM organization")
    assert due["due"]


async def test_each_organization_hears_of_its_own_alone(morning: Office) -> None:
    other = await found("别家", zone_where_it_is(12), "boss@other.test")
    await held(morning, 1)
    await held(other, 2)
    assert await escalate_due() == 2
    events = await Event.filter(action="ESCALATED")
    counts = Counter({each.organization_id: each.details["count"] for each in events})
    assert counts == {morning.id: 1, other.id: 2}


async def test_with_working_days_a_weekend_is_nearer_than_it_looks(morning: Office) -> None:
    """Ten working days have at least twelve days."""
    pool = await morning.pool(max_hold="P90D", escalate_before="P10D", working_days=True)
    id = await morning.customer(pool)
    await claims.claim(await morning.person(), [id])
    soon = "UPDATE customer SET release_at = now() + '11 days 20 hours'::interval WHERE id = $1"
    await rows(soon, id)
    assert await escalate_due() == 1


async def test_the_sweep_tells_it(morning: Office) -> None:
    await held(morning, 1)
    sweep = Sweep("one")
    await sweep.catch_up()
    await sweep.catch_up()
    assert len(await told(await morning.admin())) == 1


async def test_what_else_the_sweep_fails_at_stops_no_alert(morning: Office) -> None:
    await held(morning, 1)
    await rows("ALTER TABLE member RENAME absences_at TO hidden")
    try:
        await Sweep("one").catch_up()
    finally:
        await rows("ALTER TABLE member RENAME hidden TO absences_at")
    assert len(await told(await morning.admin())) == 1
