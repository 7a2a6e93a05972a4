"""What is left to do, in figures that the metrics show."""

from datetime import timedelta

import pytest

from models import database
from models.ledger import feed
from models.ownership import claims, drain
from models.queue.depth import Depth, depth
from models.queue.queue import connected
from models.telemetry import metrics
from models.watch import backlogs, watch
from models.watch.watch import Watch, _tell, look_at_queue
from models.webhooks import outbox, webhooks
from settings import Settings
from tests.support.samples import Office, time_passes, until

URL = "https://hooks.example/seapool"
MINUTE = timedelta(minutes=1)
BEAT = "INSERT INTO heartbeat (worker, at) VALUES ('one', now() - $1::interval)"


async def test_what_is_overdue_is_so_by_its_deadline(office: Office) -> None:
    pool = await office.pool(max_hold="PT10M", reminders=["PT5M"])
    li, (early, late) = await office.person(), await office.customers(pool, 2)
    await claims.claim(li, [early])
    await time_passes("6 minutes")
    await claims.claim(li, [late])
    assert await backlogs.overdue_release() == 0
    assert 60 <= await backlogs.overdue_reminder() < 90
    await time_passes("6 minutes")
    assert 120 <= await backlogs.overdue_release() < 150
    await drain.release_due()
    assert await backlogs.overdue_release() == 0


async def test_a_release_is_as_late_as_its_commit(office: Office) -> None:
    pool, li = await office.pool(max_hold="PT10M"), await office.person()
    await claims.claim(li, [await office.customer(pool)])
    await time_passes("11 minutes")
    before = _sum()
    assert await drain.release_due() == 1
    assert 60 <= _sum() - before < 90


async def test_due_deliveries_are_counted_with_the_longest_wait(office: Office) -> None:
    admin, pool = await office.admin(), await office.pool()
    li = await office.person()
    await webhooks.save(admin, None, URL, None, private=False)
    for id in await office.customers(pool, 3):
        await claims.claim(li, [id])
    assert await backlogs.unread_by_webhooks() > 0
    while await outbox.queue_new():
        pass
    assert await backlogs.unread_by_webhooks() == 0
    await database.rows("UPDATE webhook_delivery SET next_at = next_at - $1::interval", MINUTE)
    found = await backlogs.due_webhooks()
    assert found.count == 3
    assert 60 <= found.seconds < 90


async def test_the_feed_lags_by_the_age_of_the_first_unread_event(office: Office) -> None:
    head = await feed.head()
    assert await backlogs.unread(head) == 0
    await office.pool()
    await time_passes("1 minute")
    assert 60 <= await backlogs.unread(head) < 90


async def test_the_queue_tells_due_jobs_from_later_ones(office: Office) -> None:
    pool, li = await office.pool(max_hold="P1D"), await office.person()
    await claims.claim(li, await office.customers(pool, 2))
    assert await depth() == Depth(due=0, later=2)
    await look_at_queue()
    queued = metrics.queue_jobs.labels
    assert (queued("due")._value.get(), queued("later")._value.get()) == (0, 2)


async def test_connections_are_counted_while_it_watches(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOP_SECONDS", 0.001)
    metrics.most_connections.set(0)

    async def counted() -> bool:
        return bool(metrics.most_connections._value.get())

    async with Watch(seconds=3600.0).watching():
        await until(counted)


async def test_a_look_sets_the_metrics(office: Office) -> None:
    await database.rows(BEAT, MINUTE)
    await Watch(lambda: feed.START).look_at_database()
    assert 60 <= metrics.worker_heartbeat._value.get() < 90
    assert metrics.feed_lag.labels("subscriptions")._value.get() > 0


async def test_what_does_not_answer_is_told_as_down_until_it_does(settings: Settings) -> None:
    up, found = metrics.dependency_up.labels("valkey"), []
    for _ in range(2):
        async with connected(settings):
            await _tell("valkey", look_at_queue)
            found.append(up._value.get())
        await _tell("valkey", look_at_queue)
        found.append(up._value.get())
    assert found == [1, 0, 1, 0]


def _sum() -> float:
    return float(metrics.release_lateness._sum.get())
