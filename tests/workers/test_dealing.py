import asyncio

from models.distribution.rounds import Rounds
from settings import Settings
from tests.support.samples import Office, row, until
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


async def owner(id: object) -> object:
    return (await row(id)).owner_id  # type: ignore[arg-type]
