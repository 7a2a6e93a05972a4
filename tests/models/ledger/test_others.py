from models import database
from models.ledger.others import OtherWriters
from models.ownership import claims, releases
from tests.support.samples import Office

HOUR = 3600.0


async def test_a_first_look_knows_nothing_yet(office: Office) -> None:
    assert not await OtherWriters().quiet_for(0.0, own=0)


async def test_events_of_ones_own_leave_it_quiet(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    others = OtherWriters()
    await others.quiet_for(HOUR, own=0)
    assert await others.quiet_for(HOUR, own=0)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "不合适")
    assert await others.quiet_for(HOUR, own=2)


async def test_an_event_of_somebody_else_is_heard_until_it_was_quiet_for_long(
    office: Office,
) -> None:
    pool, li = await office.pool(), await office.person()
    ids = await office.customers(pool, 2)
    others = OtherWriters()
    await others.quiet_for(HOUR, own=0)
    await claims.claim(li, ids)
    assert not await others.quiet_for(HOUR, own=1)
    assert not await others.quiet_for(HOUR, own=0)
    assert await others.quiet_for(0.0, own=0)


async def test_one_whose_transaction_is_still_open_is_heard_too(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    others = OtherWriters()
    await others.quiet_for(HOUR, own=0)
    async with database.transaction():
        await claims.claim(li, [id])
        assert not await others.quiet_for(HOUR, own=0)
