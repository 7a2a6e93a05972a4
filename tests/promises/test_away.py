"""PostgreSQL or Valkey is away: processes say so in few lines, lose nothing, and end when told."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

import engines as embedded
from benchmarks.faults.proxy import postgres_socket, postgres_url, proxy
from models.ledger import replay
from models.ownership import claims
from models.tables import Event
from models.webhooks import webhooks
from tests.support import own_engines
from tests.support.receiver import Receiver, receiving
from tests.support.running import Process, Processes
from tests.support.samples import Office, done, story, until
from tests.support.sockets import following

engines, template, office = own_engines.engines, own_engines.template, own_engines.office
MANY = 20
# Alerts are told within 2 s; five times that is allowed.
SOON_SECONDS = 5 * 2


@pytest_asyncio.fixture
async def receiver(office: Office) -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        admin = await office.admin()
        _, secret = await webhooks.save(admin, None, receiver.url, None, private=True)
        receiver.secret = secret or ""
        yield receiver


async def test_while_postgresql_is_away_nothing_is_lost_and_little_is_logged(
    office: Office, engines: embedded.Engines, processes: Processes, receiver: Receiver
) -> None:
    pool, li = await office.pool(max_hold="PT3S", reminders=[]), await office.person()
    customers, receiver.delay = await office.customers(pool, MANY), 1.0
    api = await processes.api()
    worker = await processes.worker(SEAPOOL_WEBHOOKS_TO_PRIVATE_ADDRESSES="true")
    async with following(api.client, li.member) as alerts:
        for outcome in await claims.claim(li, customers):
            done(outcome)
        await until(lambda: is_posting(receiver))
        engines.postgres.kill()
        # Until the alarms of the releases have rung.
        await until(lambda: is_logged(worker, "an alarm could not ring"))
        await until(lambda: is_logged(worker, "a posted delivery can't be settled yet"))
        await asyncio.to_thread(engines.postgres.start)
        back_at = time.monotonic()
        told = await alerts.several(MANY, 20)
        print(f"told after {time.monotonic() - back_at:.1f} s")
        assert time.monotonic() - back_at < SOON_SECONDS
    assert [alert["kind"] for alert in told] == ["RELEASED"] * MANY
    assert [await story(id) for id in customers] == [["CREATED", "CLAIMED", "RELEASED"]] * MANY
    # Each event is posted once, though many could not be settled at first.
    await until(lambda: all_posted(receiver, 2 * MANY), 20)
    assert max(Counter(receiver.ids).values()) == 1
    assert await replay.differences() == []
    check_log(api)
    check_log(worker)


async def test_while_valkey_is_away_little_is_logged(
    office: Office, engines: embedded.Engines, worker_process: Process
) -> None:
    pool, li = await office.pool(max_hold="PT2S", reminders=["PT1S"]), await office.person()
    customers = await office.customers(pool, MANY)
    for outcome in await claims.claim(li, customers):
        done(outcome)
    await until(lambda: Event.filter(action="REMINDED").exists())
    engines.valkey.kill()
    await until(lambda: is_logged(worker_process, "lost Valkey"))
    await until(lambda: all_released(MANY), 20)
    await asyncio.to_thread(engines.valkey.start)
    check_log(worker_process)
    assert await worker_process.terminate() == 0


@pytest.mark.parametrize("command", ["worker", "api"])
async def test_a_process_ends_though_its_connections_die_at_the_same_moment(
    office: Office, processes: Processes, command: str
) -> None:
    """PostgreSQL can be reached again at once: a loop that forgot its end would go on."""
    async with proxy(postgres_socket(processes.settings.database_url or "")) as line:
        url = postgres_url(processes.settings.database_url or "", line.port)
        for _ in range(3):
            process = await getattr(processes, command)(SEAPOOL_DATABASE_URL=url)
            line.cut()
            assert await process.terminate() == 0
            check_log(process)


def check_log(process: Process) -> None:
    """No traceback; and of each kind, a line a second."""
    output = process.output()
    assert "Traceback" not in output, output[output.index("Traceback") - 500 :][:3000]
    lines: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines()]
    faults = [line for line in lines if line["level"] != "info" and "request_id" not in line]
    seconds = Counter((line["event"], line["timestamp"][:19]) for line in faults)
    # Two lines that are a second apart may lie in the same one.
    assert not seconds or max(seconds.values()) <= 2, seconds.most_common(3)


async def is_logged(process: Process, what: str) -> bool:
    return what in process.output()


async def is_posting(receiver: Receiver) -> bool:
    return receiver.now > 0


async def all_posted(receiver: Receiver, how_many: int) -> bool:
    return len(set(receiver.ids)) >= how_many


async def all_released(how_many: int) -> bool:
    return await Event.filter(action="RELEASED").count() == how_many
