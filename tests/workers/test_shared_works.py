"""Each work of a worker with a share is for its organizations alone, and is done exactly once."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
import pytest_asyncio

from models.ledger import replay
from models.sharding.share import Share
from models.tables import ChannelDelivery, Event, WebhookDelivery
from settings import Settings
from tests.support.receiver import Receiver, receiving
from tests.support.robots import Robots, robots
from tests.support.samples import Office, time_passes, until
from tests.tenancy.lists import LOCKING, LOCKING_WITH_A_SHARE
from tests.tenancy.test_statements import TEXTS
from tests.workers.test_sweep import empty_the_queue
from tests.workers.waiting_works import WAITING, add_works, waiting, with_held
from workers import runner
from workers.sweep import Sweep

HALVES = (Share(1, 2), Share(2, 2))
# So many events has an organization, each written once.
ONCE = {"RELEASED": 2, "REMINDED": 2, "ESCALATED": 1}
BY_ORGANIZATION = {
    "models.ownership.drain.DUE_OF",
    "models.holding.reminders.REMIND_OF",
    "models.holding.reevaluation.DUE_OF",
    "models.distribution.waiting.WAITING_OF",
    "models.webhooks.attempts.TAKE_OF",
    "models.channels.taking.TAKE_OF",
}
DUE_WITH_A_SHARE = {"models.holding.alarms.DUE"}
DUE_IN_COMMON = {
    "models.holding.reminders.REMIND",
    "models.holding.reevaluation.DUE",
    "models.ownership.drain.DUE",
}
EACH_ROUND = {
    "models.heartbeat.BEAT",
    "models.ownership.leavers.LEFT",
    "models.holding.reevaluation.BEHIND",
    "models.holding.absences.CHANGED",
    "models.duplicates.backlog.WITHOUT_KEYS",
    "models.erasure.moving.NEXT_WITH_TEXTS",
    "models.erasure.moving.NEXT_WITH_REQUESTS",
}
Halves = dict[Share, list[Office]]


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest_asyncio.fixture
async def robot() -> AsyncIterator[Robots]:
    async with robots() as found:
        yield found


@pytest_asyncio.fixture
async def halves(database: None, receiver: Receiver, robot: Robots) -> Halves:
    """Two organizations of each half, or more, in which all works wait."""
    of: Halves = {share: [] for share in HALVES}
    while min(map(len, of.values())) < 2:
        office = await with_held()
        (share,) = (each for each in HALVES if each.has(office.id))
        of[share].append(office)
    await time_passes("10 days")
    for offices in of.values():
        for office in offices[:2]:
            await add_works(office, receiver, robot)
    await empty_the_queue()
    return {share: offices[:2] for share, offices in of.items()}


@contextlib.asynccontextmanager
async def working(settings: Settings, *shares: Share) -> AsyncIterator[None]:
    private = settings.model_copy(update={"webhooks_to_private_addresses": True})
    running = [
        asyncio.create_task(
            runner.run(
                private.model_copy(update={"share": f"{each.number}/{each.parts}"}),
                sweep_seconds=0.1,
            )
        )
        for each in shares
    ]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@contextlib.contextmanager
def sent() -> Iterator[list[str]]:
    """The SQL that is sent meanwhile."""
    texts: list[str] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.args, tuple) and record.args:
                texts.append(str(record.args[0]))

    log, noting = logging.getLogger("tortoise.db_client"), Noting(logging.DEBUG)
    level, propagate = log.level, log.propagate
    log.addHandler(noting)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield texts
    finally:
        log.removeHandler(noting)
        log.setLevel(level)
        log.propagate = propagate


@pytest.mark.parametrize("share", [None, *HALVES], ids=str)
async def test_where_nothing_waits_a_round_sends_a_statement_or_two_for_each_work(
    office: Office, share: Share | None
) -> None:
    sweep = Sweep("one", share=share)
    await sweep.once()
    await sweep.catch_up()
    with sent() as texts:
        await sweep.once()
        await sweep.catch_up()
    known = Counter(name for text in texts for name in TEXTS if TEXTS[name] == text)
    due = DUE_WITH_A_SHARE if share else DUE_IN_COMMON
    assert known == Counter(due | EACH_ROUND)


async def all_done(offices: list[Office]) -> None:
    for office in offices:
        await until(partial(is_done, office), 20)


async def is_done(office: Office) -> bool:
    return await waiting(office) == set()


async def test_all_works_wait_at_first(halves: Halves) -> None:
    for offices in halves.values():
        assert [await waiting(office) for office in offices] == [WAITING.keys()] * 2


async def test_a_worker_serves_its_share_and_no_other_which_may_have_no_worker(
    settings: Settings, halves: Halves, receiver: Receiver, robot: Robots
) -> None:
    mine, others = HALVES
    async with working(settings, mine):
        await all_done(halves[mine])
        # What waits from now on is done by a round that has looked at the others too.
        for office in halves[mine]:
            await add_works(office, receiver, robot)
        await all_done(halves[mine])
        assert [await waiting(office) for office in halves[others]] == [WAITING.keys()] * 2
    async with working(settings, others):
        await all_done(halves[others])
    assert await replay.differences() == []


async def test_two_workers_with_a_half_each_do_each_work_once(
    settings: Settings, halves: Halves, receiver: Receiver, robot: Robots
) -> None:
    with sent() as texts:
        async with working(settings, *HALVES):
            await all_done([office for offices in halves.values() for office in offices])
            await until(nothing_is_pending)
    for office in (each for offices in halves.values() for each in offices):
        counts = Counter(each.action for each in await Event.filter(organization_id=office.id))
        assert {action: counts[action] for action in ONCE} == ONCE
    assert len(receiver.ids) == len(set(receiver.ids)) == await WebhookDelivery.all().count()
    assert len(robot.messages) == await ChannelDelivery.all().count() >= 4
    known = {name for name, text in TEXTS.items() if text in texts}
    assert known & LOCKING.keys() == LOCKING_WITH_A_SHARE
    assert known >= BY_ORGANIZATION
    assert await replay.differences() == []


async def nothing_is_pending() -> bool:
    """Also of what was added to the ledger last."""
    pending = [
        await each.filter(ended_at=None).count() for each in (WebhookDelivery, ChannelDelivery)
    ]
    return pending == [0, 0]
