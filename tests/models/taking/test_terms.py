"""What a list says of each customer that the viewer may claim, or may not."""

from datetime import timedelta

from models.ownership import claims, releases
from models.ownership.claimable import Claimable
from models.refusals import AlreadyHeld, CapacityReached, CoolingDown, NotYetOpen
from tests.support.claimable import claimable
from tests.support.samples import Office, done, events, row, time_passes


async def test_of_a_list_only_what_was_lost_cools_down(office: Office) -> None:
    strict = await office.pool(reclaim_cooldown="P7D", follow_up_within="P1D")
    loose = await office.pool()
    li = await office.person()
    lost, *others = await office.customers(strict, 3)
    elsewhere = await office.customer(loose)
    done((await claims.claim(li, [lost]))[0])
    await releases.give_back(li, lost, "不合适")
    (loss,) = await events(lost, "RELEASED")
    for order in ([lost, *others, elsewhere], [elsewhere, *others, lost]):
        said = await claimable(li, order)
        assert said[lost] == CoolingDown(loss.at + timedelta(days=7))
        assert {type(said[id]) for id in others} == {Claimable}
        assert said[elsewhere] == Claimable(None)


async def test_of_a_list_each_pool_has_its_own_seat(office: Office) -> None:
    full, free = await office.pool(capacity=1), await office.pool(capacity=2)
    li = await office.person()
    held, wanted = await office.customers(full, 2)
    done((await claims.claim(li, [held]))[0])
    elsewhere = await office.customer(free)
    said = await claimable(li, [held, wanted, elsewhere])
    assert said == {
        held: AlreadyHeld(),
        wanted: CapacityReached(1, 1),
        elsewhere: Claimable(None),
    }


async def test_of_a_list_each_opens_as_long_after_it_entered(office: Office) -> None:
    pool, free = await office.pool(new_customer_lock="P3D"), await office.pool()
    old = await office.customer(pool)
    await time_passes("3 days")
    new, open_ = await office.customer(pool), await office.customer(free)
    li = await office.person()
    opens = (await row(new)).entered_at + timedelta(days=3)
    expected = {old: Claimable(None), new: NotYetOpen(opens), open_: Claimable(None)}
    for order in ([old, new, open_], [new, open_, old]):
        assert await claimable(li, order) == expected
