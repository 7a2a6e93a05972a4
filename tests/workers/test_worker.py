"""The real worker, arq and sweep together, by the real clock."""

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import engines as embedded
from models import database
from models.holding import follow_ups
from models.ledger import replay
from models.ownership import claims
from models.queue import queue
from models.tables import Event
from settings import Settings
from tests.support.samples import Office, done, events, story, until
from workers import runner

SECONDS: dict[str, Any] = {"max_hold": "PT2S", "reminders": ["PT1S"]}
# Five times what is promised: tests share a machine.
LATE = timedelta(seconds=10)


async def test_a_customer_is_reminded_and_released_on_time(
    office: Office, worker: asyncio.Task[None]
) -> None:
    pool = await office.pool(max_hold="PT5S", reminders=["PT4S"])
    li, ids = await office.person(), await office.customers(pool, 5)
    customers = [done(each) for each in await claims.claim(li, ids)]
    released = await told("RELEASED", 5)
    reminded = await told("REMINDED", 5)
    for customer in customers:
        assert customer.release_at is not None
        assert timedelta(0) <= released[customer.id].at - customer.release_at < LATE
        due = customer.release_at - timedelta(seconds=4)
        assert timedelta(0) <= reminded[customer.id].at - due < timedelta(seconds=4)
        assert await story(customer.id) == ["CREATED", "CLAIMED", "REMINDED", "RELEASED"]
    assert await replay.differences() == []


async def test_a_follow_up_in_time_puts_the_release_off(
    office: Office, worker: asyncio.Task[None]
) -> None:
    pool = await office.pool(follow_up_within="PT5S", reminders=["PT4S"])
    li = await office.person()
    id = await office.customer(pool)
    first = done((await claims.claim(li, [id]))[0])
    await told("REMINDED", 1)
    second = done(await follow_ups.log_follow_up(li, id, "CALL", "在"))
    assert first.release_at is not None
    assert second.release_at is not None
    assert second.release_at > first.release_at
    released = (await told("RELEASED", 1))[id]
    assert timedelta(0) <= released.at - second.release_at < LATE
    assert len(await events(id, "REMINDED")) == 2


async def test_valkey_emptied_after_the_claim_costs_seconds_and_no_release(
    office: Office, worker: asyncio.Task[None]
) -> None:
    pool, li = await office.pool(**SECONDS), await office.person()
    customer = done((await claims.claim(li, [await office.customer(pool)]))[0])
    assert queue.queue.redis is not None
    await queue.queue.redis.flushall()
    released = (await told("RELEASED", 1))[customer.id]
    assert customer.release_at is not None
    assert timedelta(0) <= released.at - customer.release_at < LATE
    assert await reminded_once(customer.id)


async def test_valkey_dead_and_back_the_worker_goes_on_and_claims_never_stop(
    office: Office, engines: embedded.Engines, worker: asyncio.Task[None]
) -> None:
    pool, li = await office.pool(**SECONDS), await office.person()
    first, second = await office.customers(pool, 2)
    await until(beats)
    await asyncio.to_thread(engines.valkey.kill)
    try:
        dead = done((await claims.claim(li, [first]))[0])
        released = (await told("RELEASED", 1))[first]
        assert dead.release_at is not None
        assert timedelta(0) <= released.at - dead.release_at < LATE
        assert not worker.done()
    finally:
        await asyncio.to_thread(engines.valkey.start)
    await until(answers)
    done((await claims.claim(li, [second]))[0])
    await told("RELEASED", 2)
    assert not worker.done()
    assert await replay.differences() == []


async def test_a_worker_that_was_away_at_the_deadline_releases_when_it_is_back(
    office: Office, settings: Settings
) -> None:
    pool, li = await office.pool(**SECONDS), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await until(lambda: is_overdue(id))
    working = asyncio.create_task(runner.run(settings))
    try:
        await told("RELEASED", 1)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    assert await story(id) == ["CREATED", "CLAIMED", "RELEASED"]


async def test_two_workers_release_and_remind_once(
    office: Office, settings: Settings, worker: asyncio.Task[None]
) -> None:
    other = asyncio.create_task(runner.run(settings))
    try:
        pool, li = await office.pool(**SECONDS), await office.person()
        ids = await office.customers(pool, 30)
        await claims.claim(li, ids)
        await told("RELEASED", 30)
    finally:
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
    assert all([await reminded_once(id) for id in ids])
    assert await replay.differences() == []


async def test_a_worker_that_is_told_to_end_ends_at_once(settings: Settings) -> None:
    async with database.connected(settings):
        working = asyncio.create_task(runner.run(settings))
        await until(beats)
        working.cancel()
        async with asyncio.timeout(3):
            await asyncio.gather(working, return_exceptions=True)
        assert working.cancelled()


async def told(action: str, how_many: int) -> dict[Any, Event]:
    async def all_told() -> list[Event]:
        found = await Event.filter(action=action)
        return found if len(found) == how_many else []

    return {event.customer_id: event for event in await until(all_told, 15)}


async def reminded_once(customer_id: UUID) -> bool:
    """By an event, or by the release where that came first."""
    (released,) = await events(customer_id, "RELEASED")
    told = [event.details["offset"] for event in await events(customer_id, "REMINDED")]
    return bool(told + released.details.get("missed_reminders", []) == SECONDS["reminders"])


async def beats() -> bool:
    return bool(await database.rows("SELECT FROM heartbeat"))


async def answers() -> bool:
    """Valkey does, and it is no longer left alone."""
    try:
        assert queue.queue.redis is not None
        await queue.queue.redis.ping()
    except queue.FAULTS:
        return False
    return queue.queue.paused_until < time.monotonic()


async def is_overdue(id: object) -> bool:
    return bool(
        await database.rows("SELECT FROM customer WHERE id = $1 AND release_at < now()", id)
    )
