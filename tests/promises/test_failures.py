"""Real processes and engines, killed at bad moments: what was promised holds all the same."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import psutil
import pytest
import pytest_asyncio
import redis.asyncio
from arq.constants import default_queue_name

import engines as embedded
from models import database
from models.ledger import replay
from models.ownership import claims
from models.queue.jobs import serialize
from models.tables import Customer, Event, Pool
from models.viewers import Viewer
from schema.base import ids
from settings import Settings
from tests.support import own_engines
from tests.support.running import Client, Process, Processes
from tests.support.samples import (
    Office,
    connection,
    done,
    row,
    someone_waits,
    story,
    time_passes,
    until,
)
from tests.support.sockets import CHANGES, following

engines, template, office = own_engines.engines, own_engines.template, own_engines.office
CLAIM = """
mutation($id: ID!, $key: String) {
  claimCustomer(customerId: $id, idempotencyKey: $key) { __typename
    ... on Claimed { customer { id holding { since release { at } } } } }
}
"""
IN_TIME = timedelta(seconds=2)
AFTER_ALL = timedelta(seconds=10)


@pytest_asyncio.fixture
async def li(office: Office) -> Viewer:
    return await office.person("李雷")


@pytest_asyncio.fixture
async def valkey(settings: Settings) -> AsyncIterator[redis.asyncio.Redis]:
    async with redis.asyncio.Redis.from_url(settings.redis_url or "") as client:
        yield client


async def test_an_api_killed_before_its_answer_gives_the_first_answer_to_a_retry(
    office: Office, li: Viewer, engines: embedded.Engines, processes: Processes
) -> None:
    pool = await office.pool(max_hold="P20D")
    li = await office.viewer(li.id)
    customer, other = await office.customers(pool, 2)
    api = await processes.api()
    with stopped(engines.valkey.pid):  # Between commit and answer the alarms are sent.
        asked = asyncio.create_task(claim(api, li, customer, "一次"))
        await until(lambda: Event.filter(action="ANSWERED").exists())
        api.kill()
    with pytest.raises(httpx2.TransportError):
        await asked
    holder = await row(customer)
    assert holder.owner_id == li.id
    again = await processes.api()
    answers = await asyncio.gather(*(claim(again, li, customer, "一次") for _ in range(3)))
    for answer in answers:
        assert answer["__typename"] == "Claimed"
        assert answer["customer"]["id"] == global_id(customer)
        assert answer["customer"]["holding"]["since"] == instant(holder.claimed_at)
    reused = await again.graphql(li.member, CLAIM, id=global_id(other), key="一次")
    (error,) = reused["errors"]
    assert error["extensions"]["code"] == "InvalidInput"
    assert await story(customer) == ["CREATED", "CLAIMED"]
    assert await story(other) == ["CREATED"]
    assert await replay.differences() == []


async def test_what_fell_due_while_every_worker_was_dead_is_released_by_the_next_one(
    office: Office, processes: Processes
) -> None:
    worker = await processes.worker()
    worker.kill()
    pool, customers = await held(office, 600, max_hold="PT2S")
    due = (await row(customers[-1])).release_at
    assert due is not None
    await until(lambda: passed(due))
    assert await still_held(pool) == 600
    began = time.monotonic()
    await processes.worker()
    await until(lambda: nobody_held(pool))
    assert time.monotonic() - began < AFTER_ALL.seconds
    await check_released_once(customers, AFTER_ALL + timedelta(seconds=5))


async def test_a_worker_killed_in_the_middle_of_a_drain_leaves_nothing_half_done(
    office: Office, processes: Processes
) -> None:
    pool, _ = await held(office, 2000, max_hold="P20D")
    await time_passes("21 days")
    worker = await processes.worker()
    await until(lambda: fewer_held(pool, 2000))
    worker.kill()
    await processes.worker()
    await until(lambda: nobody_held(pool))
    assert await Event.filter(action="RELEASED").count() == 2000
    assert await replay.differences() == []


async def test_a_killed_postgresql_loses_nothing_that_was_acknowledged(
    office: Office,
    engines: embedded.Engines,
    api_process: Process,
    worker_process: Process,
) -> None:
    pool = await office.pool(max_hold="PT4S")
    li, customers = await office.person(), await office.customers(pool, 300)
    acknowledged: list[str] = []
    async with following(api_process.client, li.member, CHANGES, pool=pool_id(pool)) as changes:
        claiming = asyncio.create_task(claim_all(api_process, li, customers, acknowledged))
        await until(lambda: enough(acknowledged, 20))
        engines.postgres.kill()
        before = len(acknowledged)
        assert (await api_process.client.http.get(f"{api_process.url}/readyz")).status_code == 503
        await asyncio.to_thread(engines.postgres.start)
        await until(lambda: enough(acknowledged, before + 20), 20)
        claiming.cancel()
        await asyncio.gather(claiming, return_exceptions=True)
        claims_made = await Event.filter(action="CLAIMED")
        claimed = [event.customer_id for event in claims_made if event.customer_id]
        assert set(acknowledged) <= {global_id(id) for id in claimed}
        told = [await changes.next() for _ in claimed]
    assert [each["kind"] for each in told].count("CLAIMED") >= 20
    await until(lambda: nobody_held(pool))
    assert (api_process.started.poll(), worker_process.started.poll()) == (None, None)
    await check_released_once(claimed, AFTER_ALL)


async def test_without_valkey_claims_releases_and_subscriptions_go_on(
    office: Office,
    engines: embedded.Engines,
    api_process: Process,
    worker_process: Process,
) -> None:
    pool = await office.pool(max_hold="PT3S", reminders=["PT2S"])
    li, (first, second) = await office.person(), await office.customers(pool, 2)
    async with following(api_process.client, li.member, CHANGES, pool=pool_id(pool)) as changes:
        assert await ready(api_process) == (200, "ready")
        engines.valkey.kill()
        answer = await claim(api_process, li, first)
        assert answer["__typename"] == "Claimed"
        assert (await changes.next(3))["kind"] == "CLAIMED"
        assert await ready(api_process) == (200, "degraded")
        await until(lambda: nobody_held(pool), 15)
        assert (await changes.next(3))["kind"] == "OPENED"
        await check_released_once([first], AFTER_ALL)
        await asyncio.to_thread(engines.valkey.start)
        await until(lambda: is_ready(api_process), 15)
        await claim(api_process, li, second)
        assert (await changes.next(3))["kind"] == "CLAIMED"
        await until(lambda: nobody_held(pool))
    await check_released_once([second], AFTER_ALL)
    assert await Event.filter(action="REMINDED").count() == 2
    assert worker_process.started.poll() is None


async def test_an_emptied_valkey_costs_seconds_but_no_release_and_no_reminder(
    office: Office, worker_process: Process, valkey: redis.asyncio.Redis
) -> None:
    pool, customers = await held(office, 50, max_hold="PT4S", reminders=["PT2S"])
    assert await valkey.zcard(default_queue_name) == 50
    await valkey.flushall()
    await until(lambda: nobody_held(pool), 15)
    await check_released_once(customers, AFTER_ALL)
    assert await Event.filter(action="REMINDED").count() == 50


async def test_alarms_that_ring_too_early_release_nobody_early_and_ring_again_on_time(
    office: Office, worker_process: Process, valkey: redis.asyncio.Redis
) -> None:
    pool, customers = await held(office, 20, max_hold="PT3S", reminders=["PT1S"])
    for job in await valkey.zrange(default_queue_name, 0, -1):
        await valkey.zadd(default_queue_name, {job: 1000})  # A worker's clock that is far ahead.
    await until(lambda: nobody_held(pool))
    await check_released_once(customers, IN_TIME)
    for event in await Event.filter(action="REMINDED"):
        assert event.due_at is not None
        planned = event.due_at - timedelta(seconds=1)
        assert planned <= event.at < planned + IN_TIME
    assert await Event.filter(action="REMINDED").count() == 20


async def test_old_and_foreign_jobs_in_the_queue_harm_nobody(
    office: Office, processes: Processes, valkey: redis.asyncio.Redis
) -> None:
    pool, customers = await held(office, 10, max_hold="PT3S")
    stays = await office.pool(max_hold="P20D")
    customer = await office.customer(stays)
    await claims.claim(await office.person(), [customer])
    for name, body in {
        f"release:{customer}:0:1": job("release_customer", str(customer), 0),
        f"release:{customer}:1:1": job("release_customer", str(customer), 1),
        "of_an_older_version": job("release_customers_of_old", "x"),
        "with_too_little": job("release_customer"),
        "pickled": b"\x80\x04\x95\x00.",
    }.items():
        await valkey.set(f"arq:job:{name}", body)
        await valkey.zadd(default_queue_name, {name: 1000})
    worker = await processes.worker()
    await until(lambda: nobody_held(pool))
    await check_released_once(customers, AFTER_ALL)
    await until(lambda: empty_but_for_alarms(valkey, customer))
    assert await story(customer) == ["CREATED", "CLAIMED"]
    assert worker.started.poll() is None


async def test_sigterm_ends_worker_and_api_in_order_and_leaves_no_process(
    office: Office, processes: Processes
) -> None:
    pool, _ = await held(office, 1000, max_hold="P20D")
    li, free = await office.person(), await office.customer(pool)
    api, worker = await processes.api(), await processes.worker()
    await time_passes("21 days")
    async with following(api.client, li.member, CHANGES, pool=pool_id(pool)) as changes:
        await until(lambda: fewer_held(pool, 1000))
        family = [
            child
            for process in (api, worker)
            for child in psutil.Process(process.pid).children(recursive=True)
        ]
        assert await worker.terminate() == 0
        async with blocked(free):
            asked = asyncio.create_task(claim(api, li, free))
            await until(someone_waits)
            api.started.send_signal(signal.SIGTERM)
        assert (await asked)["__typename"] == "Claimed"
        assert await api.terminate() == 0
        assert await changes.closed() in (1001, 1012)
    assert [child for child in family if child.is_running()] == []
    await processes.worker()
    await until(lambda: held_are(pool, 1))
    assert await replay.differences() == []


def global_id(customer_id: UUID) -> str:
    return ids.encode("Customer", customer_id)


def pool_id(pool: Pool) -> str:
    return ids.encode("Pool", pool.id)


def instant(moment: Any) -> str:
    return str(moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def job(function: str, *arguments: object) -> bytes:
    from arq.jobs import serialize_job

    body = serialize_job(function, arguments, {}, None, 1000, serializer=serialize)
    assert body is not None
    return body


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextlib.asynccontextmanager
async def blocked(customer: UUID) -> AsyncIterator[None]:
    """Whoever wants to claim it waits."""
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM customer WHERE id = $1 FOR UPDATE", customer)
        yield


async def held(office: Office, how_many: int, **rules: Any) -> tuple[Pool, list[UUID]]:
    pool = await office.pool(**rules)
    li, customers = await office.person(), await office.customers(pool, how_many)
    for n in range(0, how_many, 100):
        for outcome in await claims.claim(li, customers[n : n + 100]):
            done(outcome)
    return pool, customers


async def claim(
    api: Process | Client, who: Viewer, customer: UUID, key: str | None = None
) -> dict[str, Any]:
    answer = await api.data(who.member, CLAIM, id=global_id(customer), key=key)
    claimed: dict[str, Any] = answer["claimCustomer"]
    return claimed


async def claim_all(
    api: Process, who: Viewer, customers: list[UUID], acknowledged: list[str]
) -> None:
    """Each until it is answered without an error: the server may be away for long."""
    for customer in customers:
        while "errors" in (answer := await api.graphql(who.member, CLAIM, id=global_id(customer))):
            await asyncio.sleep(0.05)
        if answer["data"]["claimCustomer"]["__typename"] == "Claimed":
            acknowledged.append(answer["data"]["claimCustomer"]["customer"]["id"])


async def enough(acknowledged: list[str], how_many: int) -> bool:
    return len(acknowledged) >= how_many


async def passed(moment: Any) -> bool:
    return bool((await database.rows("SELECT now() > $1 AS past", moment))[0]["past"])


async def still_held(pool: Pool) -> int:
    return await Customer.filter(pool_id=pool.id, owner_id__not_isnull=True).count()


async def held_are(pool: Pool, how_many: int) -> bool:
    return await still_held(pool) == how_many


async def fewer_held(pool: Pool, than: int) -> bool:
    return await still_held(pool) < than


async def nobody_held(pool: Pool) -> bool:
    return await still_held(pool) == 0


async def empty_but_for_alarms(valkey: redis.asyncio.Redis, customer: UUID) -> bool:
    left = [name.decode() for name in await valkey.zrange(default_queue_name, 0, -1)]
    return all(str(customer) in name and not name.endswith(":1") for name in left)


async def ready(api: Process) -> tuple[int, str]:
    answer = await api.client.http.get(f"{api.url}/readyz")
    return answer.status_code, answer.json()["status"]


async def is_ready(api: Process) -> bool:
    return await ready(api) == (200, "ready")


async def check_released_once(customers: list[UUID], within: timedelta) -> None:
    events = await Event.filter(customer_id__in=customers, action="RELEASED")
    assert sorted(map(str, (event.customer_id for event in events))) == sorted(map(str, customers))
    late = [event.at - event.due_at for event in events if event.due_at]
    assert min(late) >= timedelta(0)
    assert max(late) < within
    print(f"at most {max(late).total_seconds():.3f} s late, of {len(late)}")
    assert await replay.differences() == []
