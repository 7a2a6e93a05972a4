import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from models import database
from models.holding import alarms, follow_ups
from models.holding.alarms import arm_soon, seconds_left
from models.holding.reminders import remind_due
from models.ledger import replay
from models.ownership import claims, releases, transfers
from models.pools import pools
from models.queue.jobs import Alarm
from models.queue.queue import queue
from models.rules.rules import Rules
from models.rules.schedule import NEARER
from models.tables import Customer
from tests.support.samples import Office, done, events, row, time_passes


async def test_each_reminder_comes_once_and_says_how_long_before_which_release(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P7D", "P3D"])
    li = await office.person()
    id = await office.customer(pool)
    customer = done((await claims.claim(li, [id]))[0])
    assert await remind_due() == 0
    await time_passes("3 days")
    assert [await remind_due(), await remind_due()] == [1, 0]
    await time_passes("4 days")
    assert [await remind_due(), await remind_due()] == [1, 0]
    told = await events(id, "REMINDED")
    assert [event.details for event in told] == [{"offset": "P7D"}, {"offset": "P3D"}]
    assert {(event.member_id, event.epoch, event.release_reason) for event in told} == {
        (li.id, 1, "MAX_HOLD")
    }
    assert customer.release_at is not None
    assert {event.due_at for event in told} == {(await row(id)).release_at}
    assert (await row(id)).remind_at == []
    assert await replay.differences() == []


async def test_many_who_look_at_once_remind_once(office: Office) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li = await office.person()
    ids = await office.customers(pool, 20)
    await claims.claim(li, ids)
    await time_passes("7 days")
    counts = await asyncio.gather(*(remind_due() for _ in range(8)))
    assert sum(counts) == 20
    assert [len(await events(id, "REMINDED")) for id in ids] == [1] * 20


async def test_reminders_missed_while_nobody_looked_all_come_the_soonest_due_first(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D", "P7D", "PT1H"])
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("8 days")
    assert await remind_due() == 1
    offsets = [event.details["offset"] for event in await events(id, "REMINDED")]
    assert offsets == ["P7D", "P3D"]
    assert (await row(id)).remind_offsets == ["PT1H"]


async def test_nobody_is_reminded_of_a_release_that_is_already_due(office: Office) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("10 days")
    assert await remind_due() == 0
    assert await events(id, "REMINDED") == []


async def test_a_new_deadline_reminds_again_and_an_old_one_never(office: Office) -> None:
    pool = await office.pool(follow_up_within="P10D", reminders=["P3D"])
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("7 days")
    await remind_due()
    await follow_ups.log_follow_up(li, id, "CALL", "在")
    assert await remind_due() == 0
    await time_passes("7 days")
    assert await remind_due() == 1
    first, second = (event.due_at for event in await events(id, "REMINDED"))
    assert first is not None
    assert second is not None
    assert second == (await row(id)).release_at
    assert timedelta(days=7) < second - first < timedelta(days=7, seconds=5)


async def test_a_rule_change_that_leaves_the_deadline_reminds_nobody_again(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("8 days")
    await remind_due()
    same = Rules.from_json({"max_hold": "P10D", "reminders": ["P3D", "P7D"], "capacity": 3})
    await pools.change_rules(admin, pool.id, same)
    assert await remind_due() == 0
    assert len(await events(id, "REMINDED")) == 1


async def test_a_rule_change_that_moves_the_deadline_collapses_past_reminders_into_one(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P20D", reminders=["P7D", "P3D", "P1D"])
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("8 days")
    known = (await row(id)).release_at
    nearer = Rules.from_json({"max_hold": "P10D", "reminders": ["P7D", "P3D", "P1D"]})
    await pools.change_rules(admin, pool.id, nearer)
    customer = await row(id)
    at_once, in_time = customer.remind_offsets
    # As the release before reads it.
    marker, version, date = at_once.split()
    assert (marker, version, datetime.fromisoformat(date)) == (NEARER, "2", known)
    assert in_time == "P1D"
    assert (customer.unannounced_rules_version, customer.announced_release_at) == (2, known)
    assert await remind_due() == 1
    (told,) = await events(id, "REMINDED")
    assert told.details == {"offset": NEARER, "rules_version": 2}
    customer = await row(id)
    assert customer.remind_offsets == ["P1D"]
    assert (customer.unannounced_rules_version, customer.announced_release_at) == (None, None)


async def test_a_marker_of_the_release_before_tells_its_owner_once(office: Office) -> None:
    pool = await office.pool(max_hold="P20D", reminders=[])
    id = await office.customer(pool)
    await claims.claim(await office.person(), [id])
    known = datetime(2031, 5, 1, 8, tzinfo=UTC)
    await database.rows(
        "UPDATE customer SET remind_at = ARRAY[now()], remind_offsets = $2::text[] WHERE id = $1",
        id,
        [f"nearer 7 {known.isoformat()}"],
    )
    assert (await row(id)).announced_release_at == known
    assert (await row(id)).unannounced_rules_version == 7
    assert [await remind_due(), await remind_due()] == [1, 0]
    (told,) = await events(id, "REMINDED")
    assert told.details == {"offset": NEARER, "rules_version": 7}


@pytest.mark.parametrize("act", ["transfer", "give back"])
async def test_a_new_owner_has_no_older_release_to_hear_of(office: Office, act: str) -> None:
    pool = await office.pool(max_hold="P20D", reminders=[])
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await pools.change_rules(admin, pool.id, Rules.from_json({"max_hold": "P9D", "reminders": []}))
    assert (await row(id)).unannounced_rules_version == 2
    if act == "transfer":
        await transfers.transfer(admin, id, han.id)
    else:
        await releases.give_back(li, id, "不合适")
    customer = await row(id)
    assert (customer.unannounced_rules_version, customer.announced_release_at) == (None, None)
    assert await remind_due() == 0


async def test_the_new_owner_is_reminded_and_the_old_one_no_more(office: Office) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("6 days")
    await transfers.transfer(admin, id, han.id)
    await time_passes("1 day")
    assert await remind_due() == 0
    await time_passes("6 days")
    assert await remind_due() == 1
    assert [event.member_id for event in await events(id, "REMINDED")] == [han.id]


async def test_an_alarm_learns_how_early_it_rang(office: Office) -> None:
    pool = await office.pool(max_hold="PT60S", reminders=[])
    customer = done((await claims.claim(await office.person(), [await office.customer(pool)]))[0])
    alarm = _alarm_of(customer)
    left = await seconds_left(customer.id, customer.epoch, alarm.job_id)
    assert left is not None
    assert 58 < left <= 60
    assert await seconds_left(customer.id, customer.epoch + 1, alarm.job_id) is None
    assert await seconds_left(customer.id, customer.epoch - 1, alarm.job_id) is None


async def test_a_ring_before_a_deadline_that_has_moved_later_arms_the_new_one(
    office: Office,
) -> None:
    pool = await office.pool(follow_up_within="P1D", reminders=["PT1H"])
    li = await office.person()
    before = done((await claims.claim(li, [await office.customer(pool)]))[0])
    after = done(await follow_ups.log_follow_up(li, before.id, "CALL", "在"))
    old, new = _alarm_of(before), _alarm_of(after)
    assert queue.redis is not None
    assert await _armed() == {old.job_id}
    assert await seconds_left(before.id, 1, old.job_id) is None
    assert await _armed() == {old.job_id, new.job_id}


async def test_a_deadline_that_moves_earlier_is_armed_at_once(office: Office) -> None:
    pool = await office.pool(max_hold="P20D", reminders=["P3D"])
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    assert queue.redis is not None
    await queue.redis.flushall()
    await pools.change_rules(admin, pool.id, Rules.from_json({"max_hold": "P5D"}))
    assert await _armed() == {_alarm_of(await row(id)).job_id}


async def test_a_reminder_that_new_rules_add_before_the_next_is_armed_at_once(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P20D", reminders=["P3D"])
    id = await office.customer(pool)
    await claims.claim(await office.person(), [id])
    rules = Rules.from_json({"max_hold": "P20D", "reminders": ["P7D", "P3D"]})
    await pools.change_rules(await office.admin(), pool.id, rules)
    present = await row(id)
    assert len(present.remind_at) == 2
    assert _alarm_of(present).job_id in await _armed()


async def test_what_falls_due_soon_is_armed_again_where_its_alarm_was_lost(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="PT80S", reminders=["PT60S"])
    later = await office.pool(max_hold="P1D", reminders=["PT1H"])
    li = await office.person()
    soon = done((await claims.claim(li, [await office.customer(pool)]))[0])
    await claims.claim(li, [await office.customer(later)])
    assert queue.redis is not None
    await queue.redis.flushall()
    await arm_soon(90)
    assert await _armed() == {_alarm_of(soon).job_id}


async def test_a_release_takes_its_alarms_off_the_queue(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li = await office.person()
    first, second = await office.customers(pool, 2)
    await claims.claim(li, [first, second])
    assert len(await _armed()) == 2
    await releases.give_back(li, first, "不合适")
    assert await _armed() == {_alarm_of(await row(second)).job_id}


def _alarm_of(customer: Customer) -> Alarm:
    assert customer.claimed_at is not None
    alarm = alarms.next_alarm(customer, customer.claimed_at)
    assert alarm is not None
    return alarm


async def _armed() -> set[str]:
    assert queue.redis is not None
    return {id.decode() for id in await queue.redis.zrange("arq:queue", 0, -1)}
