"""After a change of rules: the grace, who is told, and how far it has come."""

from datetime import timedelta
from typing import Any

from models import database
from models.customers.update import update_customer
from models.holding import follow_ups, reevaluation, reminders
from models.holding.reevaluation import Progress
from models.ledger import replay
from models.ownership import claims
from models.ownership.drain import release_due
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Event, Pool
from tests.support.samples import Office, done, events, row, time_passes


async def test_nobody_is_released_before_the_grace_is_over(office: Office) -> None:
    pool = await office.pool(max_hold="P20D", reminders=[])
    li = await office.person()
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    await time_passes("10 days")
    stricter = Rules.from_json({"max_hold": "P5D", "grace": "P2D", "reminders": []})
    changed = await pools.change_rules(await office.admin(), pool.id, stricter)
    assert [(await row(id)).release_at for id in ids] == [
        changed.rules_changed_at + timedelta(days=2)
    ] * 3
    assert await release_due() == 0
    await time_passes("2 days 1 second")
    assert await release_due() == 3


async def test_whoever_is_claimed_after_the_change_has_no_grace(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    rules = Rules.from_json({"max_hold": "PT1H", "grace": "P2D"})
    await pools.change_rules(await office.admin(), pool.id, rules)
    customer = done((await claims.claim(await office.person(), [await office.customer(pool)]))[0])
    assert customer.claimed_at
    assert customer.release_at
    assert customer.release_at - customer.claimed_at == timedelta(hours=1)


async def test_a_follow_up_within_the_grace_does_not_lose_it(office: Office) -> None:
    pool = await office.pool(follow_up_within="P20D")
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("10 days")
    rules = Rules.from_json({"follow_up_within": "PT1H", "grace": "P2D"})
    changed = await pools.change_rules(await office.admin(), pool.id, rules)
    done(await follow_ups.log_follow_up(li, id, "CALL", "谈了报价"))
    assert (await row(id)).release_at == changed.rules_changed_at + timedelta(days=2)
    assert await replay.differences() == []


async def test_two_changes_in_a_row_end_as_the_second_alone_would(office: Office) -> None:
    pool, alone = await office.pool(max_hold="P20D"), await office.pool(max_hold="P20D")
    li, admin = await office.person(), await office.admin()
    first, second = await office.customer(pool), await office.customer(alone)
    await claims.claim(li, [first, second])
    await time_passes("10 days")
    last = Rules.from_json({"max_hold": "P12D", "grace": "P3D"})
    await pools.change_rules(admin, pool.id, Rules.from_json({"max_hold": "P1D", "grace": "P9D"}))
    twice = await pools.change_rules(admin, pool.id, last)
    once = await pools.change_rules(admin, alone.id, last)
    left = [
        released.release_at - changed.rules_changed_at
        for released, changed in ((await row(first), twice), (await row(second), once))
        if released.release_at
    ]
    assert left == [timedelta(days=3)] * 2


async def test_everyone_whose_deadline_came_nearer_is_told_once(office: Office) -> None:
    pool = await office.pool(max_hold="P200D", reminders=[])
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    nearer = Rules.from_json({"max_hold": "P100D", "reminders": ["P7D"]})
    await pools.change_rules(admin, pool.id, nearer)
    assert await reminders.remind_due() == 1
    later = Rules.from_json({"max_hold": "P150D", "reminders": ["P7D"]})
    await pools.change_rules(admin, pool.id, later)
    assert await reminders.remind_due() == 0
    (told,) = await events(id, "REMINDED")
    assert told.member_id == li.id


async def test_rules_saved_twice_before_anybody_heard_are_told_once(office: Office) -> None:
    pool = await office.pool(max_hold="P200D", reminders=[])
    li, admin = await office.person(), await office.admin()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("50 days")
    # The grace counts anew, and so the deadline that nobody has heard of yet moves later.
    nearer = Rules.from_json({"max_hold": "P40D", "grace": "P20D", "reminders": []})
    for _ in range(2):
        changed = await pools.change_rules(admin, pool.id, nearer)
    assert await reminders.remind_due() == 1
    (told,) = await events(id, "REMINDED")
    assert told.due_at == changed.rules_changed_at + timedelta(days=20)
    await pools.change_rules(admin, pool.id, nearer)
    assert await reminders.remind_due() == 0


async def test_the_same_deadline_brought_nearer_again_is_told_again(office: Office) -> None:
    pool, admin = await office.pool(max_hold="P200D", reminders=[]), await office.admin()
    await claims.claim(await office.person(), [await office.customer(pool)])
    for days, told in ((100, 1), (200, 0), (100, 1)):
        rules = Rules.from_json({"max_hold": f"P{days}D", "reminders": []})
        await pools.change_rules(admin, pool.id, rules)
        assert await reminders.remind_due() == told
    assert await Event.filter(action="REMINDED").count() == 2


async def test_rules_taken_back_before_anybody_heard_are_told_to_nobody(office: Office) -> None:
    before: dict[str, Any] = {"max_hold": "P200D", "reminders": []}
    pool, admin = await office.pool(**before), await office.admin()
    await claims.claim(await office.person(), [await office.customer(pool)])
    for rules in ({"max_hold": "P100D", "reminders": []}, before):
        await pools.change_rules(admin, pool.id, Rules.from_json(rules))
    assert await reminders.remind_due() == 0


async def test_another_level_amid_a_change_does_not_keep_it_from_its_owner(office: Office) -> None:
    pool = await office.pool(max_hold="P200D", reminders=[])
    li, admin = await office.person(), await office.admin()
    stale, unheard = await office.customers(pool, 2)
    await claims.claim(li, [stale, unheard])
    nearer = {"max_hold": "P100D", "reminders": []}
    await pools.change_rules(admin, pool.id, Rules.from_json(nearer))
    # As it is where the change has not come by yet.
    await database.rows(
        "UPDATE customer SET rules_version = 1, release_at = claimed_at + interval '200 days',"
        " remind_at = '{}', remind_offsets = '{}',"
        " unannounced_rules_version = NULL, announced_release_at = NULL WHERE id = $1",
        stale,
    )
    for id in (stale, unheard):
        await update_customer(await office.admin(), id, {"level": "A"})
    assert await reminders.remind_due() == 2
    assert await replay.differences() == []


async def test_a_change_of_a_large_pool_is_carried_on_where_it_was(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li, ids = await office.person(), await office.customers(pool, 2100)
    for n in range(0, len(ids), 100):
        await claims.claim(li, ids[n : n + 100])
    # What a change leaves behind when it is killed at once.
    await Pool.filter(id=pool.id).update(rules_version=2)
    assert (await reevaluation.progress(li, [pool.id]))[pool.id] == Progress(2100, 2100)
    assert await reevaluation.reevaluate_pool(office.id, pool.id, most=1000) == 1000
    assert (await reevaluation.progress(li, [pool.id]))[pool.id] == Progress(2100, 1100)
    assert await reevaluation.reevaluate() == 1100
    assert (await reevaluation.progress(li, [pool.id]))[pool.id] == Progress(2100, 0)


async def test_whoever_is_left_behind_is_not_released_by_the_old_rules(office: Office) -> None:
    pool = await office.pool(max_hold="P1D", reminders=[])
    id = await office.customer(pool)
    await claims.claim(await office.person(), [id])
    await time_passes("1 day 1 second")
    await Pool.filter(id=pool.id).update(
        rules_version=2, rules=Rules.from_json({"max_hold": "P30D"})
    )
    assert await release_due() == 0
    await reevaluation.reevaluate()
    assert await release_due() == 0
    assert (await row(id)).owner_id is not None


async def test_a_level_has_its_own_rules_one_value_at_a_time(office: Office) -> None:
    pool = await office.pool(
        follow_up_within="P15D",
        max_hold="P40D",
        levels=[{"level": "A", "follow_up_within": "P60D"}],
    )
    li, id = await office.person(), await office.customer(pool)

    await update_customer(await office.admin(), id, {"level": "A"})
    customer = done((await claims.claim(li, [id]))[0])
    assert customer.release_reason == "MAX_HOLD"
