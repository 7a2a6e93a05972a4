import asyncio
import os
import signal

from models.distribution.dealing import BATCH
from models.distribution.rounds import Rounds
from models.ledger import replay
from models.tables import Customer, Event, Pool
from settings import Settings
from tests.support.running import Processes
from tests.support.samples import Office, connection, row, seat, someone_waits, until
from workers.dealing import Dealing


async def test_a_worker_deals_at_the_doorbell(office: Office, settings: Settings) -> None:
    """Long before its next round: it hears that customers came in."""
    pool = await office.pool(distribution={"strategy": "IN_TURN"})
    await office.person()
    worker = asyncio.create_task(Dealing(settings, seconds=3600.0).run())
    try:
        first = await office.customer(pool)
        await until(lambda: owner(first))
        second = await office.customer(pool)
        await until(lambda: owner(second))
    finally:
        worker.cancel()
        await asyncio.wait({worker})
    assert worker.cancelled()
    assert await Rounds()() == 0


async def test_where_a_worker_is_killed_as_it_deals_another_one_goes_on(
    office: Office, processes: Processes
) -> None:
    """Amid a batch, after others: the customers are as many as all may hold together."""
    count = 4 * BATCH
    pool = await office.pool(capacity=count // 4, distribution={"strategy": "IN_TURN"})
    people = [await office.person() for _ in range(4)]
    killed, other = await asyncio.gather(processes.worker(), processes.worker())
    os.kill(other.pid, signal.SIGSTOP)
    await office.customers(pool, count)
    await until(lambda: dealt_of(pool))
    async with connection() as own, own.transaction():
        await own.execute("LOCK TABLE seat IN EXCLUSIVE MODE")
        await until(someone_waits)
        killed.kill()
        assert BATCH <= await dealt_of(pool) < count
        os.kill(other.pid, signal.SIGCONT)
    await until(lambda: all_dealt(pool), 20)
    dealt = await Event.filter(pool_id=pool.id, action="ASSIGNED")
    assert len(dealt) == len({each.customer_id for each in dealt}) == count
    assert [(await seat(pool, who))[0] for who in people] == [count // 4] * 4
    assert await replay.differences() == []
    assert other.started.poll() is None


async def dealt_of(pool: Pool) -> int:
    return await Customer.filter(pool_id=pool.id, owner_id__isnull=False).count()


async def all_dealt(pool: Pool) -> bool:
    return not await Customer.filter(pool_id=pool.id, owner_id__isnull=True).exists()


async def owner(id: object) -> object:
    return (await row(id)).owner_id  # type: ignore[arg-type]
