"""Another Valkey takes over, as its Sentinels say: claims and alarms go on."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

import pytest_asyncio
from arq.constants import default_queue_name
from redis.asyncio import Redis
from redis.exceptions import RedisError

from benchmarks.failover.sentinels import Guarded, guarded
from models.ledger import replay
from models.queue.doorbell import DOORBELL
from models.queue.queue import queue
from models.queue.valkey import client
from settings import Settings
from tests.support.asking import CLAIM, customer_gid
from tests.support.running import Client, short_folder
from tests.support.samples import found, story, until

HELD = "P20D"
BRIEFLY_HELD = "PT3S"


@pytest_asyncio.fixture
async def valkeys() -> AsyncIterator[Guarded]:
    with short_folder() as folder:
        async with guarded(folder) as valkeys:
            yield valkeys


@pytest_asyncio.fixture
async def settings(own_settings: Settings, valkeys: Guarded) -> Settings:
    return own_settings.model_copy(update={"redis_url": valkeys.url})


async def test_a_killed_master_costs_seconds_and_no_alarm(
    settings: Settings, api: Client, worker: asyncio.Task[None], valkeys: Guarded
) -> None:
    office = await found()
    li = await office.person()
    brief = await office.customers(await office.pool(max_hold=BRIEFLY_HELD, reminders=[]), 3)
    (held,) = await office.customers(await office.pool(max_hold=HELD, reminders=[]), 1)

    async def claim(customer: UUID) -> None:
        asked = api.data(li.member, CLAIM, customer=customer_gid(customer))
        assert (await asked)["claimCustomer"]["__typename"] == "Claimed"

    await claim(brief[0])
    async with client(settings) as valkey:
        assert await valkey.zcard(default_queue_name) == 1
        valkeys.master.kill()
        await claim(brief[1])
        await until(lambda: answers(valkey))
        await until(is_asked_again)
        await claim(held)
        # Its alarm is with the new master: the sweep makes none for so late a release.
        await until(lambda: valkey.zcard(default_queue_name))
        await until(lambda: is_used_by_all(valkey))
    await claim(brief[2])
    for each in brief:
        await until(partial(is_released, each))
    assert not worker.done()
    assert await replay.differences() == []


async def answers(valkey: Redis) -> bool:
    try:
        return bool(await valkey.ping())
    except (OSError, RedisError):
        return False


async def is_asked_again() -> bool:
    return time.monotonic() > queue.paused_until


async def is_used_by_all(valkey: Redis) -> bool:
    """Whether the worker asks it for jobs, and alerts and dealing hear its doorbell."""
    ((_, hearing),) = await valkey.pubsub_numsub(DOORBELL)
    return hearing == 2 and "cmdstat_zrangebyscore" in await valkey.info("commandstats")


async def is_released(customer: UUID) -> bool:
    return (await story(customer))[-1] == "RELEASED"
