import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from arq.worker import Worker

from models.holding import alarms, follow_ups
from models.holding.reminders import remind_due
from models.ownership import claims, releases
from models.pools import pools
from models.queue import queue
from models.queue.jobs import Alarm
from models.rules.rules import Rules
from models.tables import Customer
from settings import Settings
from tests.support.samples import Office, done, events, row, story, time_passes
from workers.runner import arq_worker

QUEUE = "arq:queue"


async def rung(settings: Settings) -> Worker:
    """arq's worker, until nothing is due any more."""
    worker = arq_worker(settings, burst=True)
    try:
        while await due():
            await worker._poll_iteration()
            for task in list(worker.tasks.values()):
                await task
        return worker
    finally:
        await worker.pool.aclose(close_connection_pool=True)


async def due() -> int:
    assert queue.queue.redis is not None
    return int(await queue.queue.redis.zcount(QUEUE, "-inf", time.time() * 1000))


async def ring_now(*alarms_of: Alarm) -> None:
    """Alarms never know how late it is: they ring whenever their time in the queue says."""
    await ring_by_id(*(alarm.job_id for alarm in alarms_of))


async def ring_by_id(*ids: str) -> None:
    assert queue.queue.redis is not None
    scores = dict.fromkeys(ids, time.time() * 1000 - 1)
    assert await queue.queue.redis.zadd(QUEUE, scores, xx=True, ch=True) == len(ids)


def alarm_of(customer: Customer) -> Alarm:
    assert customer.claimed_at is not None
    alarm = alarms.next_alarm(customer, customer.claimed_at)
    assert alarm is not None
    return alarm


async def scores() -> dict[str, float]:
    assert queue.queue.redis is not None
    found = await queue.queue.redis.zrange(QUEUE, 0, -1, withscores=True)
    return {id.decode(): score for id, score in found}


async def held(office: Office, **rules: Any) -> tuple[Any, Any, Customer]:
    pool, li = await office.pool(**rules), await office.person()
    customer = done((await claims.claim(li, [await office.customer(pool)]))[0])
    return pool, li, customer


async def test_a_claim_arms_its_first_reminder_alone_at_its_moment(office: Office) -> None:
    _, _, customer = await held(office, max_hold="P20D", reminders=["P7D", "P3D"])
    ms = int(customer.release_at.timestamp() * 1000)  # type: ignore[union-attr]
    ((id, score),) = (await scores()).items()
    assert id == f"remind:{customer.id}:1:P7D:{ms - 7 * 86_400_000}"
    assert abs(score - (ms - 7 * 86_400_000)) < 1000


async def test_each_ring_arms_the_next_alarm_until_the_release(
    office: Office, settings: Settings
) -> None:
    _, _, customer = await held(office, max_hold="P20D", reminders=["P7D", "P3D"])
    for passes, function in (("13 days", "remind_owner"), ("4 days", "release_customer")):
        await time_passes(passes)
        (id,) = await scores()
        await ring_by_id(id)
        await rung(settings)
        present = alarm_of(await row(customer.id))
        assert (set(await scores()), present.function) == ({present.job_id}, function)
    assert len(await events(customer.id, "REMINDED")) == 2
    await time_passes("3 days")
    await ring_by_id(present.job_id)
    await rung(settings)
    assert (await row(customer.id)).owner_id is None
    assert await scores() == {}


async def test_a_reminder_that_rings_after_the_deadline_arms_the_release_at_once(
    office: Office, settings: Settings
) -> None:
    _, _, customer = await held(office, max_hold="P10D", reminders=["P3D"])
    await time_passes("11 days")
    await ring_now(alarm_of(customer))
    worker = await rung(settings)
    assert (worker.jobs_complete, worker.jobs_retried) == (2, 0)
    assert await story(customer.id) == ["CREATED", "CLAIMED", "RELEASED"]


async def test_who_sends_reminders_without_a_ring_arms_the_next_alarm(office: Office) -> None:
    _, _, customer = await held(office, max_hold="P10D", reminders=["P3D"])
    assert queue.queue.redis is not None
    await queue.queue.redis.flushall()
    await time_passes("7 days")
    assert await remind_due() == 1
    assert set(await scores()) == {alarm_of(await row(customer.id)).job_id}


async def test_alarms_that_the_release_before_armed_all_at_once_do_no_harm(
    office: Office, settings: Settings
) -> None:
    _, _, customer = await held(office, max_hold="P10D", reminders=["P5D", "P3D"])
    await time_passes("7 days")
    for offset in ("P5D", "P3D"):
        await add(f"remind:{offset}", "remind_owner", str(customer.id), 1, offset)
    await add("release", "release_customer", str(customer.id), 1)
    worker = await rung(settings)
    assert (worker.jobs_failed, worker.jobs_retried) == (0, 0)
    assert len(await events(customer.id, "REMINDED")) == 2
    release = alarm_of(await row(customer.id))
    assert release.function == "release_customer"
    assert release.job_id in await scores()


async def test_the_alarm_of_a_due_customer_releases_it_and_leaves_nothing_behind(
    office: Office, settings: Settings
) -> None:
    _, _, customer = await held(office, max_hold="P1D", reminders=["PT1H"])
    await time_passes("1 day")
    await ring_now(alarm_of(customer))
    worker = await rung(settings)
    assert (worker.jobs_failed, worker.jobs_retried) == (0, 0)
    assert await story(customer.id) == ["CREATED", "CLAIMED", "RELEASED"]
    assert queue.queue.redis is not None
    assert await queue.queue.redis.keys("arq:*") == [b"arq:queue:health-check"]


async def test_one_alarm_drains_all_that_is_due_and_takes_their_alarms_off_the_queue(
    office: Office, settings: Settings
) -> None:
    pool, li = await office.pool(max_hold="P1D", reminders=[]), await office.person()
    ids = await office.customers(pool, 30)
    await claims.claim(li, ids)
    await time_passes("1 day")
    assert queue.queue.redis is not None
    await queue.queue.redis.flushall()
    # Armed anew, as the deadlines have moved with the time; all but one lie in the future.
    customers = [await row(id) for id in ids]
    assert customers[0].release_at is not None
    await alarms.arm(customers, customers[0].release_at - timedelta(days=1))
    first = alarm_of(customers[0])
    assert len(await scores()) == 30
    await ring_now(first)
    await rung(settings)
    assert await Customer.filter(owner_id=None).count() == 30
    assert await scores() == {}


async def test_an_early_ring_releases_nobody_and_rings_again_when_it_is_time(
    office: Office, settings: Settings
) -> None:
    _, _, reminded = await held(office, max_hold="PT60S", reminders=["PT30S"])
    _, _, released = await held(office, max_hold="PT60S", reminders=[])
    await ring_now(alarm_of(reminded), alarm_of(released))
    began = time.time() * 1000
    worker = await rung(settings)
    assert (worker.jobs_retried, worker.jobs_failed) == (2, 0)
    assert await story(reminded.id) == await story(released.id) == ["CREATED", "CLAIMED"]
    put_off = await scores()
    assert 28_000 < put_off[alarm_of(reminded).job_id] - began < 31_000
    assert 58_000 < put_off[alarm_of(released).job_id] - began < 61_000


async def test_the_ring_of_an_older_ownership_does_nothing(
    office: Office, settings: Settings
) -> None:
    _, li, first = await held(office, max_hold="P20D", reminders=["P3D"])
    alarm = alarm_of(first)
    await releases.give_back(li, first.id, "不合适")
    second = done((await claims.claim(li, [first.id]))[0])
    armed = await scores()
    await add(alarm.job_id, alarm.function, *alarm.arguments)
    worker = await rung(settings)
    assert (worker.jobs_complete, worker.jobs_failed) == (1, 0)
    assert (await row(first.id)).owner_id == li.id
    assert await story(first.id) == ["CREATED", "CLAIMED", "RELEASED", "CLAIMED"]
    assert await scores() == armed
    assert second.epoch == 3


async def test_a_ring_after_a_follow_up_arms_the_later_deadline(
    office: Office, settings: Settings
) -> None:
    _, li, before = await held(office, follow_up_within="P3D", reminders=["P1D"])
    after = done(await follow_ups.log_follow_up(li, before.id, "CALL", "在"))
    await ring_now(alarm_of(before))
    worker = await rung(settings)
    assert (worker.jobs_complete, worker.jobs_retried) == (1, 0)
    assert set(await scores()) == {alarm_of(after).job_id}
    assert (await row(before.id)).owner_id == li.id


async def test_a_repeated_ring_reminds_once(office: Office, settings: Settings) -> None:
    _, _, customer = await held(office, max_hold="P10D", reminders=["P3D"])
    await time_passes("7 days")
    for n in range(3):
        await add(f"remind:{n}", "remind_owner", str(customer.id), 1, "P3D")
    await rung(settings)
    assert len(await events(customer.id, "REMINDED")) == 1


async def test_jobs_of_an_older_version_are_still_understood(
    office: Office, settings: Settings
) -> None:
    """The wire format: what lies in a queue now must ring after any deploy to come."""
    _, _, other = await held(office, max_hold="P1D", reminders=[])
    _, _, customer = await held(office, max_hold="P1D", reminders=["PT1H"])
    release, reminder = await kept_job(other), await kept_job(customer)
    assert release == {"t": None, "f": "release_customer", "a": [str(other.id), 1], "k": {}}
    arguments = [str(customer.id), 1, "PT1H"]
    assert reminder == {"t": None, "f": "remind_owner", "a": arguments, "k": {}}
    assert queue.queue.redis is not None
    await queue.queue.redis.flushall()
    await time_passes("23:30:00")
    await add("remind:by hand", "remind_owner", str(customer.id), 1, "PT1H")
    await rung(settings)
    assert len(await events(customer.id, "REMINDED")) == 1
    await time_passes("30 minutes")
    await add("release:by hand", "release_customer", str(customer.id), 1)
    await rung(settings)
    assert (await row(customer.id)).owner_id is None


async def test_what_no_version_ever_wrote_is_dropped_without_harm(
    office: Office, settings: Settings
) -> None:
    _, _, customer = await held(office, max_hold="P1D", reminders=[])
    await time_passes("1 day")
    assert queue.queue.redis is not None
    await queue.queue.redis.flushall()
    await add("a", "make_coffee")
    await add("b", "release_customer", "no id", 1)
    await add("c", "release_customer")
    await queue.queue.redis.set("arq:job:d", b"\x80\x04not json")
    await queue.queue.redis.zadd(QUEUE, {"d": 1, "gone": 2})
    await add("e", "release_customer", str(uuid4()), 1)
    worker = await rung(settings)
    assert worker.jobs_complete == 1
    assert await scores() == {}
    assert (await row(customer.id)).owner_id is None


async def test_a_rule_change_that_brings_the_release_nearer_rings_in_time(
    office: Office, settings: Settings
) -> None:
    pool, _, customer = await held(office, max_hold="P20D", reminders=[])
    await time_passes("5 days")
    rules = Rules.from_json({"max_hold": "P4D", "reminders": []})
    await pools.change_rules(await office.admin(), pool.id, rules)
    assert await due() == 1
    await rung(settings)
    (event,) = await events(customer.id, "RELEASED")
    assert event.due_at is not None
    assert event.at - event.due_at > timedelta(days=1)


async def kept_job(customer: Customer) -> dict[str, Any]:
    """The job as it lies in Valkey, without the moment of its making."""
    assert queue.queue.redis is not None
    text = await queue.queue.redis.get("arq:job:" + alarm_of(customer).job_id)
    kept: dict[str, Any] = json.loads(text)
    assert kept.pop("et") > 1_700_000_000_000
    return kept


async def add(job_id: str, function: str, *arguments: Any) -> None:
    """As it lies in Valkey, byte by byte."""
    assert queue.queue.redis is not None
    job = json.dumps({"t": None, "f": function, "a": arguments, "k": {}, "et": 1_790_000_000_000})
    await queue.queue.redis.set(f"arq:job:{job_id}", job)
    await queue.queue.redis.zadd(QUEUE, {job_id: time.time() * 1000 - 1})
