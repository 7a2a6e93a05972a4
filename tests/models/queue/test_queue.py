"""Alarms that several calls queue at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from arq.constants import default_queue_name

from models.queue.jobs import Alarm
from models.queue.queue import Queue
from models.queue.valkey import client
from settings import Settings

NOW = datetime(2031, 5, 1, tzinfo=UTC)


def alarm() -> Alarm:
    id = str(uuid4())
    return Alarm(f"release:{id}:1", "release_customer", (id, 1), NOW + timedelta(days=1))


async def test_each_call_waits_until_its_own_alarm_is_queued(settings: Settings) -> None:
    queue, alarms = Queue(), [alarm() for _ in range(3)]
    ids = [each.job_id for each in alarms]
    queue.open(client(settings, seconds=None))
    try:
        calls = [asyncio.create_task(queue.send([each], NOW, ring=False)) for each in alarms]
        for _ in range(3):
            await asyncio.sleep(0)
        # It has not even connected.
        assert not any(call.done() for call in calls)
        await asyncio.gather(*calls)
        async with client(settings) as valkey:
            assert None not in await valkey.zmscore(default_queue_name, ids)
    finally:
        await queue.send((), None, ring=False, useless=ids)
        await queue.close()


async def test_a_queue_closed_before_it_began_to_send_sends_once_it_is_open(
    settings: Settings,
) -> None:
    queue, first, second = Queue(), alarm(), alarm()
    queue.open(client(settings, seconds=None))
    call = asyncio.create_task(queue.send([first], NOW, ring=False))
    await asyncio.sleep(0)
    await queue.close()
    queue.open(client(settings, seconds=None))
    ids = [first.job_id, second.job_id]
    try:
        await queue.send([second], NOW, ring=False)
        async with client(settings) as valkey:
            assert None not in await valkey.zmscore(default_queue_name, ids)
        await call
    finally:
        await queue.send((), None, ring=False, useless=ids)
        await queue.close()
