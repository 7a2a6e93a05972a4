"""Alarms that several calls queue at once."""

import asyncio
import socket
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from arq.constants import default_queue_name

from models.queue import queue as queues
from models.queue import round_trip
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


async def test_a_server_that_is_gone_is_left_alone_for_a_while_and_then_nobody_waits_for_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_trip, "ANSWER_SECONDS", 60.0)
    monkeypatch.setattr(queues, "BRIEF_SECONDS", 60.0)
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = gone.getsockname()
    queue, url = Queue(), f"redis://127.0.0.1:{address[1]}"
    queue.open(client(settings.model_copy(update={"redis_url": url}), seconds=None))
    await queue.send([alarm()], NOW, ring=False)
    assert queue.paused_until > time.monotonic()
    try:
        with socket.create_server(address) as silent:
            silent.setblocking(False)
            await queue.send([alarm()], NOW, ring=False)
            assert queue._sending is None
            queue.paused_until = 0.0
            async with asyncio.timeout(10):
                await queue.send([alarm()], NOW, ring=False)
                await asyncio.get_running_loop().sock_accept(silent)
    finally:
        await queue.close()


async def test_calls_wait_again_for_a_server_that_has_answered(settings: Settings) -> None:
    queue, first, second = Queue(), alarm(), alarm()
    queue.open(client(settings, seconds=None))
    # As after a call that it did not answer.
    queue._doubtful = True
    ids = [first.job_id, second.job_id]
    try:
        await queue.send([first], NOW, ring=False)
        sending = queue._sending
        assert sending
        await sending
        await queue.send([second], NOW, ring=False)
        assert queue._sending is None
        async with client(settings) as valkey:
            assert None not in await valkey.zmscore(default_queue_name, ids)
    finally:
        await queue.send((), None, ring=False, useless=ids)
        await queue.close()
