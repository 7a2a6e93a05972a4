"""Every path of docs/promises.md: how it begins, and what is done on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.customers import csv_import
from models.customers.moves import move_customers
from models.customers.registration import register
from models.customers.update import update_customer
from models.distribution.rounds import Rounds
from models.holding import deal_decisions, extension_decisions, extensions, follow_ups, locks
from models.imports import stored
from models.imports.order import Order
from models.imports.sheet_import import import_sheet
from models.organizations import absences, calendar, leaving, returning
from models.ownership import claims, hand_over, merging, releases, transfers, undoing
from models.ownership.drain import release_due
from models.pools import pools
from models.rules.durations import Span
from models.tables import Customer, Pool
from models.texts.text import Reader
from models.viewers import Viewer
from tests.promises.world import Act, World, refusals_are_answers
from tests.support.samples import time_passes

# Later than every deadline of a trial.
FAR = "P50D"


async def nowhere(world: World) -> None:
    """Nobody knows the customer yet, unless the trial brings it."""


async def pooled(world: World) -> None:
    await world.enters()


async def with_han(world: World) -> None:
    await world.given_to(world.han)


async def with_li(world: World) -> None:
    await world.given_to(world.li)


async def signed(world: World) -> None:
    """Li holds it and has signed it."""
    await world.given_to(world.li)
    await deal(world)


async def released_by_rule(world: World) -> None:
    """Li held it until a rule released it."""
    await world.given_to(world.li)
    await time_passes("100 days")
    await release_due()
    assert (await world.known()).owner_id is None


async def returned(world: World) -> None:
    """Li held it, left, and is back."""
    await world.given_to(world.li)
    admin = await world.admin()
    await leaving.deactivate(admin, world.li.id)
    await returning.reactivate(admin, world.li.id)
    await world.look_again()


async def claim(world: World) -> None:
    await claims.claim(world.li, [(await world.known()).id])


async def claim_many(world: World) -> None:
    decoy = await world.office.customer(world.pool)
    await claims.claim(world.li, [(await world.known()).id, decoy])


async def import_then_claim(world: World) -> None:
    async with refusals_are_answers():
        await csv_import.import_customers(
            await world.admin(), world.other.id, f"name\n{world.name}"
        )
    await claim(world)


async def sheet_then_claim(world: World) -> None:
    await _send_sheet(world, f"name\n{world.name}", good_rows=True)
    await claim(world)


async def level_by_sheet(world: World) -> None:
    await _send_sheet(world, f"name,level\n{world.name},A", updates=True)


async def _send_sheet(world: World, text: str, **given: Any) -> None:
    admin = await world.admin()
    sheet = await stored.upload(admin, text.encode())
    async with refusals_are_answers():
        await import_sheet(admin, Order(world.other.id, sheet.id, **given), Reader())


async def move_then_claim(world: World) -> None:
    await move_customers(await world.admin(), [(await world.known()).id], world.other.id)
    await claim(world)


async def merge_then_claim(world: World) -> None:
    """Into a customer of the other pool, which is then claimed by the id of the dropped one."""
    customer = await world.known()
    kept = await world.office.customer(world.other)
    await merging.merge(await world.admin(), kept, customer.id, "同一家")
    await claims.claim(world.li, [kept])
    world.name = (await Customer.get(id=kept)).name


async def release_elsewhere_then_claim(world: World) -> None:
    await releases.give_back(world.li, (await world.known()).id, "不合适", world.other.id)
    await world.fill()
    await claim(world)


async def sink_then_claim(world: World) -> None:
    """The rules release it into the other pool."""
    admin, pool = await world.admin(), await Pool.get(id=world.pool.id)
    await pools.change_rules(admin, pool.id, replace(pool.rules, release_to=world.other.id))
    await time_passes("100 days")
    await release_due()
    assert (await world.known()).pool_id == world.other.id
    await world.fill()
    await claim(world)


async def leave_then_claim(world: World) -> None:
    await leaving.deactivate(await world.admin(), world.han.id)
    await claim(world)


async def leave_and_return(world: World) -> None:
    admin = await world.admin()
    await leaving.deactivate(admin, world.li.id)
    await returning.reactivate(admin, world.li.id)


async def register_it(world: World) -> None:
    await register(world.li, world.pool.id, {"name": world.name})


async def assign(world: World) -> None:
    await claims.assign(await world.admin(), (await world.known()).id, world.li.id)


async def deal_out(world: World) -> None:
    await Rounds()()


async def assign_many(world: World) -> None:
    decoy = await world.office.customer(world.pool)
    ids = [(await world.known()).id, decoy]
    await claims.assign_many(await world.admin(), ids, world.li.id)


async def transfer(world: World) -> None:
    await transfers.transfer(await world.admin(), (await world.known()).id, world.li.id)


async def hand_over_to_li(world: World) -> None:
    await hand_over.hand_over(await world.admin(), world.han.id, [world.li.id], None, "韩梅梅休假")


async def leave_to_li(world: World) -> None:
    await leaving.deactivate(await world.admin(), world.han.id, None, [world.li.id])


async def undo(world: World) -> None:
    customer = await world.known()
    await undoing.undo(
        await world.admin(), customer_id=customer.id, pool_id=None, rules_version=None
    )


async def follow_up(world: World) -> None:
    await follow_ups.log_follow_up(world.li, (await world.known()).id, "CALL", "谈了报价")


async def deal(world: World) -> None:
    await follow_ups.record_deal(world.li, (await world.known()).id, Decimal(100))


async def two_deals(world: World) -> None:
    await deal(world)
    await deal(world)


async def confirmed_deal(world: World) -> None:
    await deal(world)
    await deal_decisions.confirm(await world.admin(), (await world.known()).id, True, None)


async def lock(world: World) -> None:
    await locks.lock(world.li, (await world.known()).id)


async def lock_and_unlock(world: World) -> None:
    await lock(world)
    await locks.unlock(world.li, (await world.known()).id)


async def extend(world: World) -> None:
    asked = await extensions.ask(world.li, (await world.known()).id, Span.parse(FAR), "客户开会")
    await extension_decisions.decide(await world.admin(), asked.id, True, None)


async def own_level(world: World) -> None:
    await _set_level(world, world.li)


async def level_by_administrator(world: World) -> None:
    await _set_level(world, await world.admin())


async def _set_level(world: World, who: Viewer) -> None:
    await update_customer(who, (await world.known()).id, {"level": "A"})


async def longer_rules(world: World) -> None:
    grace = (await Pool.get(id=world.pool.id)).rules.grace
    kept = {"grace": str(grace)} if grace else {}
    await world.change_rules(max_hold=FAR, follow_up_within=FAR, **kept)


async def holidays(world: World) -> None:
    """Twenty days off, from today."""
    first = _today(world)
    days = [first + timedelta(days=n) for n in range(20)]
    for year in {day.year for day in days}:
        await calendar.set_calendar(await world.admin(), year, _of(year, days), [])


async def be_absent(world: World) -> None:
    """Twenty days, from today."""
    first = _today(world)
    await absences.set_absence(world.li, world.li.id, first, first + timedelta(days=19))


async def be_absent_and_back(world: World) -> None:
    await be_absent(world)
    await absences.cancel_absence(world.li, world.li.id, _today(world))


def _today(world: World) -> date:
    return world.li.organization.calendar.day_of(world.li.asked_at)


def _of(year: int, days: list[date]) -> list[date]:
    return [day for day in days if day.year == year]


@dataclass(frozen=True)
class Path:
    """`begins` is how the customer stands before, `goes` what is done. `rules` it needs.

    `gives`: it can give li a customer; else it can give a customer of li's a later deadline. With
    `leads` False it gives neither.
    """

    begins: Act
    goes: Act
    gives: bool
    rules: Mapping[str, Any] = field(default_factory=dict)
    leads: bool = True


LEVELS = {"levels": [{"level": "A", "max_hold": FAR, "follow_up_within": FAR}]}
PATHS = {
    "claimCustomer": Path(pooled, claim, True),
    "claimCustomers": Path(pooled, claim_many, True),
    "registerCustomer": Path(nowhere, register_it, True),
    "assignCustomer": Path(pooled, assign, True),
    "assignCustomer by nobody: the rule distribution deals it out": Path(
        pooled, deal_out, True, {"distribution": {"strategy": "IN_TURN"}}
    ),
    "assignCustomers": Path(pooled, assign_many, True),
    "transferCustomer": Path(with_han, transfer, True),
    "handOver": Path(with_han, hand_over_to_li, True),
    "deactivateMember of the owner with handOverTo": Path(with_han, leave_to_li, True),
    "deactivateMember of the owner, then claimCustomer": Path(with_han, leave_then_claim, True),
    "undoReleases": Path(released_by_rule, undo, True, {"max_hold": "P10D"}),
    "deactivateMember, then reactivateMember": Path(with_li, leave_and_return, True, leads=False),
    "deactivateMember, reactivateMember, then claimCustomer": Path(returned, claim, True),
    "importCustomers, then claimCustomer": Path(nowhere, import_then_claim, True),
    "importSheet, then claimCustomer": Path(nowhere, sheet_then_claim, True),
    "moveCustomers, then claimCustomer": Path(pooled, move_then_claim, True),
    "releaseCustomer into another pool, then claimCustomer": Path(
        with_li, release_elsewhere_then_claim, True
    ),
    "a release into the pool of releaseTo, then claimCustomer": Path(
        with_li, sink_then_claim, True, {"max_hold": "P10D"}
    ),
    "mergeCustomers, then claimCustomer": Path(pooled, merge_then_claim, True),
    "logFollowUp": Path(with_li, follow_up, False),
    "recordDeal": Path(with_li, deal, False),
    "recordDeal twice": Path(with_li, two_deals, False),
    "recordDeal again, where wonFor is set": Path(signed, deal, False, {"won_for": "P20D"}),
    "recordDeal, then confirmDeal": Path(with_li, confirmed_deal, False, {"deal_approval": True}),
    "lockCustomer": Path(with_li, lock, False, {"lock_limit": 1}),
    "lockCustomer, then unlockCustomer": Path(
        with_li, lock_and_unlock, False, {"lock_limit": 1}, leads=False
    ),
    "requestExtension, then decideExtension": Path(
        with_li, extend, False, {"extension_limit": FAR}
    ),
    "updateCustomer, a level by its owner": Path(with_li, own_level, False, LEVELS, leads=False),
    "updateCustomer, a level by an administrator": Path(
        with_li, level_by_administrator, False, LEVELS
    ),
    "importSheet, a level of an existing customer": Path(with_li, level_by_sheet, False, LEVELS),
    "updatePoolRules": Path(with_li, longer_rules, False),
    "setCalendar": Path(with_li, holidays, False, {"working_days": True}),
    "setAbsence, where absenceStopsClock is true": Path(
        with_li, be_absent, False, {"absence_stops_clock": True}
    ),
    "setAbsence, then cancelAbsence": Path(
        with_li, be_absent_and_back, False, {"absence_stops_clock": True}, leads=False
    ),
}


async def go(path: Path, world: World) -> None:
    """To the end of the path, or as far as a refusal lets it."""
    async with refusals_are_answers():
        await path.goes(world)
