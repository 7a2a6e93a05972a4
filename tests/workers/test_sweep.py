import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.ledger import replay
from models.organizations import leaving
from models.ownership import claims
from models.pools import pools
from models.queue import queue
from models.rules.rules import Rules
from models.tables import Pool
from tests.support.dying import Dying, ends
from tests.support.samples import (
    Office,
    connection,
    events,
    row,
    someone_waits,
    story,
    time_passes,
    until,
)
from workers.sweep import Sweep


async def test_the_sweep_releases_and_reminds_with_an_empty_queue(office: Office) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li = await office.person()
    due, early = await office.customers(pool, 2)
    await claims.claim(li, [due])
    await time_passes("3 days")
    await claims.claim(li, [early])
    await empty_the_queue()
    await time_passes("7 days")
    await Sweep("one").once()
    assert await story(due) == ["CREATED", "CLAIMED", "RELEASED"]
    assert await story(early) == ["CREATED", "CLAIMED", "REMINDED"]
    assert await replay.differences() == []


async def test_the_sweep_does_not_need_the_queue(office: Office) -> None:
    pool = await office.pool(max_hold="P10D")
    id = await office.customer(pool)
    await claims.claim(await office.person(), [id])
    await time_passes("10 days")
    kept, queue.queue.redis = queue.queue.redis, None
    try:
        await Sweep("one").once()
    finally:
        queue.queue.redis = kept
    assert (await row(id)).owner_id is None


async def test_a_sweep_arms_what_is_due_soon_at_first_and_then_every_half_minute(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="PT80S", reminders=[])
    await claims.claim(await office.person(), [await office.customer(pool)])
    sweep = Sweep("one")
    for armed in (1, 0):
        await empty_the_queue()
        await sweep.once()
        assert await armed_alarms() == armed


async def test_leavers_and_old_rules_are_put_right(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li, han = await office.person(), await office.person()
    left, kept = await office.customers(pool, 2)
    await claims.claim(li, [left])
    await claims.claim(han, [kept])
    await database.rows("UPDATE member SET active = false WHERE id = $1", li.id)
    await new_rules(pool, '{"max_hold": "P5D"}')
    sweep = Sweep("one")
    await sweep.once()
    await sweep.catch_up()
    (event,) = await events(left, "RELEASED")
    assert (event.release_reason, event.actor_id) == ("MEMBER_LEFT", None)
    assert (await row(kept)).rules_version == 2
    assert await replay.differences() == []


async def test_what_is_due_does_not_wait_for_a_rule_change_to_reach_everyone(
    office: Office,
) -> None:
    held = {}
    for max_hold in ("P5D", "P20D"):
        pool = await office.pool(max_hold="P10D")
        held[max_hold] = await office.customer(pool)
        await claims.claim(await office.person(), [held[max_hold]])
        await new_rules(pool, f'{{"max_hold": "{max_hold}"}}')
    await time_passes("10 days")
    await Sweep("one").once()
    assert await story(held["P5D"]) == ["CREATED", "CLAIMED", "RELEASED"]
    assert await story(held["P20D"]) == ["CREATED", "CLAIMED"]
    assert (await row(held["P20D"])).rules_version == 2
    assert await replay.differences() == []


async def test_of_many_sweeps_one_works_and_all_of_them_beat(office: Office) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li = await office.person()
    ids = await office.customers(pool, 20)
    await claims.claim(li, ids)
    await time_passes("7 days")
    await asyncio.gather(*(Sweep(f"worker {n}").once() for n in range(5)))
    assert [await story(id) for id in ids] == [["CREATED", "CLAIMED", "REMINDED"]] * 20
    beats = await database.rows("SELECT worker FROM heartbeat ORDER BY worker")
    assert [beat["worker"] for beat in beats] == [f"worker {n}" for n in range(5)]


async def test_a_sweep_leaves_the_work_to_whoever_is_at_it(office: Office) -> None:
    pool = await office.pool(max_hold="P10D")
    id = await office.customer(pool)
    await claims.claim(await office.person(), [id])
    await time_passes("10 days")
    async with connection() as other:
        await other.execute("SELECT pg_advisory_lock($1)", database.Lock.SWEEP)
        await Sweep("one").once()
        assert (await row(id)).owner_id is not None
    await until(lambda: lock_is_free())
    await Sweep("one").once()
    assert (await row(id)).owner_id is None


async def test_a_sweep_that_failed_tries_again(office: Office) -> None:
    pool = await office.pool(max_hold="P10D")
    id = await office.customer(pool)
    await claims.claim(await office.person(), [id])
    await time_passes("10 days")
    await database.rows("ALTER TABLE heartbeat RENAME TO hidden")
    failed = asyncio.Event()

    class Watched(Sweep):
        async def once(self) -> None:
            try:
                await super().once()
            except Exception:
                failed.set()
                raise

    sweeping = asyncio.create_task(Watched("one", 0.1).run())
    try:
        async with asyncio.timeout(10):
            await failed.wait()
        assert not sweeping.done()
        await database.rows("ALTER TABLE hidden RENAME TO heartbeat")
        await until(lambda: is_free(id))
    finally:
        sweeping.cancel()


async def test_a_sweep_that_is_cancelled_when_its_connection_has_died_ends(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when `manage.py up` is killed: PostgreSQL and the worker end at the same moment."""
    dying, sweep = Dying(), Sweep("one", 0.1)
    monkeypatch.setattr(sweep, "once", dying)
    assert await ends(sweep.run, dying)


async def test_old_beats_are_forgotten(office: Office) -> None:
    await database.rows("INSERT INTO heartbeat VALUES ('gone', now() - interval '25 hours')")
    await Sweep("one").once()
    beats = await database.rows("SELECT worker FROM heartbeat")
    assert [beat["worker"] for beat in beats] == ["one"]


async def test_a_rule_change_cut_off_half_way_is_finished_by_the_sweep(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li, admin = await office.person(), await office.admin()
    await claims.claim(li, await office.customers(pool, 50))
    rules = Rules.from_json({"max_hold": "P5D"})
    await cut_off(pools.change_rules(admin, pool.id, rules))
    assert await behind(pool.id) == 50
    await Sweep("one").catch_up()
    assert await behind(pool.id) == 0
    assert await replay.differences() == []


async def test_a_leaver_cut_off_half_way_is_finished_by_the_sweep_as_was_said(
    office: Office,
) -> None:
    pool, other = await office.pool(), await office.pool()
    li, admin = await office.person(), await office.admin()
    ids = await office.customers(pool, 5)
    await claims.claim(li, ids)
    await cut_off(leaving.deactivate(admin, li.id, other.id))
    assert await has_left(li.id)
    assert {(await row(id)).owner_id for id in ids} == {li.id}
    await Sweep("one").catch_up()
    assert {((await row(id)).owner_id, (await row(id)).pool_id) for id in ids} == {(None, other.id)}
    assert {(await events(id, "RELEASED"))[0].actor_id for id in ids} == {admin.id}


async def test_a_hand_over_by_a_leaver_is_finished_by_the_sweep_in_turn(office: Office) -> None:
    pool, more = await office.pool(capacity=2), await office.pool()
    li, han, mei = [await office.person() for _ in range(3)]
    ids, others = await office.customers(pool, 2), await office.customers(more, 5)
    admin = await office.admin()
    await claims.claim(li, ids + others)
    to = [han.id, mei.id]
    await cut_off(leaving.deactivate(admin, li.id, None, to))
    assert await has_left(li.id)
    assert {(await row(id)).owner_id for id in ids + others} == {li.id}
    await Sweep("one").catch_up()
    owners = Counter([(await row(id)).owner_id for id in ids + others])
    assert sorted(owners.values()) == [3, 4]
    assert owners.keys() == {han.id, mei.id}
    assert {event.actor_id for event in await events(ids[0], "TRANSFERRED")} == {admin.id}
    assert await replay.differences() == []


@pytest.mark.parametrize("gone", ["a receiver", "all receivers", "who decided"])
async def test_who_left_meanwhile_neither_gets_customers_nor_hands_them_on(
    office: Office, gone: str
) -> None:
    pool, (li, han, mei) = await office.pool(), [await office.person() for _ in range(3)]
    admin, boss = await office.admin(), await office.person(role="ADMIN")
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    await cut_off(leaving.deactivate(admin, li.id, None, [han.id, mei.id]))
    assert {(await row(id)).owner_id for id in ids} == {li.id}
    leave = {"a receiver": [han], "all receivers": [han, mei], "who decided": [admin]}
    for each in leave[gone]:
        await leaving.deactivate(boss, each.id)
    await Sweep("one").catch_up()
    owner = mei.id if gone == "a receiver" else None
    assert {(await row(id)).owner_id for id in ids} == {owner}
    assert await replay.differences() == []


async def cut_off(act: Coroutine[Any, Any, object]) -> None:
    """Before it writes a customer: that statement waits for the seats until it is cancelled."""
    async with connection() as other, other.transaction():
        await other.execute("LOCK TABLE seat IN EXCLUSIVE MODE")
        acting = asyncio.create_task(act)
        await until(someone_waits)
        acting.cancel()
        await asyncio.gather(acting, return_exceptions=True)
        assert acting.cancelled()
        # PostgreSQL hears of it a moment later: its statement must not get the lock before.
        await until(nobody_waits)


async def nobody_waits() -> bool:
    return not await someone_waits()


async def new_rules(pool: Pool, rules: str) -> None:
    """A change that was cut off before it reached anyone."""
    await database.rows(
        "WITH changed AS (UPDATE pool SET rules_version = 2, rules = $2::jsonb WHERE id = $1"
        " RETURNING *) INSERT INTO pool_rules (organization_id, pool_id, version, rules)"
        " SELECT organization_id, id, 2, rules FROM changed",
        pool.id,
        rules,
    )


async def empty_the_queue() -> None:
    assert queue.queue.redis is not None
    await queue.queue.redis.flushall()


async def armed_alarms() -> int:
    assert queue.queue.redis is not None
    return int(await queue.queue.redis.zcard("arq:queue"))


async def lock_is_free() -> bool:
    async with database.advisory_lock(database.Lock.SWEEP) as held:
        return held


async def is_free(id: object) -> bool:
    return (await row(id)).owner_id is None  # type: ignore[arg-type]


async def behind(pool_id: UUID) -> int:
    """How many customers of the pool are held under rules that have changed since."""
    sql = (
        "SELECT count(*) FROM customer c JOIN pool p ON p.id = c.pool_id"
        " WHERE p.id = $1 AND c.owner_id IS NOT NULL AND c.rules_version < p.rules_version"
    )
    return int((await database.rows(sql, pool_id))[0]["count"])


async def has_left(member_id: object) -> bool:
    return bool(await database.rows("SELECT FROM member WHERE id = $1 AND NOT active", member_id))
