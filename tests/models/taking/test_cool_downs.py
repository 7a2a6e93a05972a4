"""Whoever lost a customer waits for the longest cool-down, wherever the customer goes."""

from datetime import timedelta
from uuid import UUID

from models import database
from models.customers.moves import move_customers
from models.ledger import replay
from models.organizations import leaving, returning
from models.ownership import claims, releases, transfers
from models.ownership.drain import release_due
from models.pools import pools
from models.refusals import CoolingDown, Refusal
from models.rules.rules import Rules
from models.tables import Event, Pool
from models.taking.cool_downs import cooling_down_until
from models.viewers import Viewer
from tests.support.claimable import claimable
from tests.support.samples import Office, done, events, found, time_passes

DAY = timedelta(days=1)


async def lost(office: Office, pool: Pool, into: Pool | None = None) -> tuple[Viewer, UUID, Event]:
    """Somebody who gave a customer back, the customer, and the loss."""
    li, id = await office.person(), await office.customer(pool)
    done((await claims.claim(li, [id]))[0])
    await releases.give_back(li, id, "不合适", into.id if into else None)
    (loss,) = await events(id, "RELEASED")
    return li, id, loss


async def refused(who: Viewer, id: UUID) -> Refusal | None:
    """The refusal of a claim, which `claimable` and `cooling_down_until` must agree with."""
    said = (await claimable(who, [id]))[id]
    until = (await cooling_down_until(who, [id])).get(id)
    (answer,) = await claims.claim(who, [id])
    if isinstance(answer, Refusal):
        assert said == answer
        assert isinstance(answer, CoolingDown)
        assert answer.until == until
        return answer
    assert until is None
    return None


async def test_giving_back_into_another_pool_does_not_shorten_it(office: Office) -> None:
    strict, loose = await office.pool(reclaim_cooldown="P30D"), await office.pool()
    li, id, loss = await lost(office, strict, into=loose)
    assert await refused(li, id) == CoolingDown(loss.at + 30 * DAY)
    han = await office.person()
    assert await refused(han, id) is None
    assert await replay.differences() == []


async def test_a_stricter_pool_that_it_goes_to_counts_too(office: Office) -> None:
    loose = await office.pool(reclaim_cooldown="P1D")
    strict = await office.pool(reclaim_cooldown="P30D")
    li, id, loss = await lost(office, loose, into=strict)
    assert await refused(li, id) == CoolingDown(loss.at + 30 * DAY)


async def test_where_it_went_the_last_loss_counts(office: Office) -> None:
    loose, strict = await office.pool(), await office.pool(reclaim_cooldown="P30D")
    li, id, _ = await lost(office, loose)
    await time_passes("2 days")
    done((await claims.claim(li, [id]))[0])
    await releases.give_back(li, id, "不合适", strict.id)
    _, last = await events(id, "RELEASED")
    assert await refused(li, id) == CoolingDown(last.at + 30 * DAY)


async def test_a_move_by_a_colleague_does_not_shorten_it(office: Office) -> None:
    strict = await office.pool(reclaim_cooldown="P30D")
    loose = await office.pool(reclaim_cooldown="PT1S")
    li, id, loss = await lost(office, strict)
    await move_customers(await office.admin(), [id], loose.id)
    assert await refused(li, id) == CoolingDown(loss.at + 30 * DAY)
    await move_customers(await office.admin(), [id], strict.id)
    assert await refused(li, id) == CoolingDown(loss.at + 30 * DAY)
    await time_passes("30 days")
    assert await refused(li, id) is None


async def test_an_older_loss_from_a_stricter_pool_outlasts_a_newer_one(office: Office) -> None:
    strict = await office.pool(reclaim_cooldown="P30D")
    loose = await office.pool(reclaim_cooldown="P1D")
    li, id, first = await lost(office, strict, into=loose)
    admin = await office.admin()
    await time_passes("5 days")
    done(await claims.assign(admin, id, li.id))
    await releases.give_back(li, id, "不合适")
    first, second = await events(id, "RELEASED")
    assert second.at + DAY < first.at + 30 * DAY
    assert await refused(li, id) == CoolingDown(first.at + 30 * DAY)


async def test_the_rules_as_they_are_now_count(office: Office) -> None:
    strict, loose = await office.pool(reclaim_cooldown="P30D"), await office.pool()
    li, id, loss = await lost(office, strict, into=loose)
    admin = await office.admin()
    await pools.change_rules(admin, strict.id, Rules.from_json({"reclaim_cooldown": "P10D"}))
    assert await refused(li, id) == CoolingDown(loss.at + 10 * DAY)
    await pools.change_rules(admin, strict.id, Rules())
    assert await refused(li, id) is None


async def test_each_pool_counts_days_as_its_own_rules_do(office: Office) -> None:
    # Six working days cross a weekend, on whichever day they begin.
    working = await office.pool(reclaim_cooldown="P6D", working_days=True)
    loose = await office.pool(reclaim_cooldown="P6D")
    li, id, loss = await lost(office, working, into=loose)
    span = Rules.from_json({"reclaim_cooldown": "P6D"}).reclaim_cooldown
    assert span
    calendar = li.organization.calendar
    until = calendar.after(loss.at, span, working_days=True)
    assert until > loss.at + 6 * DAY
    assert await refused(li, id) == CoolingDown(until)


async def test_whoever_a_customer_was_transferred_from_has_lost_it(office: Office) -> None:
    strict, loose = await office.pool(reclaim_cooldown="P30D"), await office.pool()
    li, han, id = await office.person(), await office.person(), await office.customer(strict)
    await claims.claim(li, [id])
    await transfers.transfer(await office.admin(), id, han.id)
    (loss,) = await events(id, "TRANSFERRED")
    await releases.give_back(han, id, "不合适", loose.id)
    assert await refused(li, id) == CoolingDown(loss.at + 30 * DAY)


async def test_whoever_returns_waits_for_what_they_left(office: Office) -> None:
    strict, loose = await office.pool(reclaim_cooldown="P30D"), await office.pool()
    li, id = await office.person(), await office.customer(strict)
    await claims.claim(li, [id])
    admin = await office.admin()
    await leaving.deactivate(admin, li.id, loose.id)
    await returning.reactivate(admin, li.id)
    (loss,) = await events(id, "RELEASED")
    back = await office.viewer(li.id)
    assert await refused(back, id) == CoolingDown(loss.at + 30 * DAY)


async def test_a_release_by_rule_is_a_loss_and_an_assignment_ends_no_cool_down(
    office: Office,
) -> None:
    pool = await office.pool(reclaim_cooldown="P30D", max_hold="P1D")
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("1 day")
    assert await release_due() == 1
    (loss,) = await events(id, "RELEASED")
    assert await refused(li, id) == CoolingDown(loss.at + 30 * DAY)


async def test_a_loss_that_was_carried_from_another_customer_counts(office: Office) -> None:
    strict, loose = await office.pool(reclaim_cooldown="P30D"), await office.pool()
    li, id = await office.person(), await office.customer(loose)
    # As a merge writes it: the loss of the customer that is gone, from its pool, when it was lost.
    (carried,) = await database.rows(
        "INSERT INTO event (organization_id, customer_id, epoch, action, former_id, pool_id, at,"
        " details) SELECT organization_id, id, 0, 'LOSS_CARRIED', $2, pool_id,"
        " now() - interval '3 days', jsonb_build_object('from_pool', $3::uuid)"
        " FROM customer WHERE id = $1 RETURNING at",
        id,
        li.id,
        strict.id,
    )
    assert await refused(li, id) == CoolingDown(carried["at"] + 30 * DAY)


async def test_cool_downs_are_asked_of_many_customers_at_once(office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P30D")
    li, ids = await office.person(), await office.customers(pool, 3)
    await claims.claim(li, ids[:2])
    await releases.give_back(li, ids[0], "不合适")
    (loss,) = await events(ids[0], "RELEASED")
    assert await cooling_down_until(li, ids) == {ids[0]: loss.at + 30 * DAY}
    stranger = await (await found("别家")).admin()
    assert await cooling_down_until(stranger, ids) == {}
