"""How a path is tried against each limit: True if it got round the limit."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from models.rules.durations import Span
from models.tables import Customer, Pool, Seat
from tests.promises.paths import Path, go
from tests.promises.world import World
from tests.support.samples import time_passes

FOLLOW_UPS: dict[str, Any] = {"follow_up_within": "P5D", "reminders": []}
MAX_HOLD: dict[str, Any] = {"max_hold": "P10D", "reminders": []}
SHORTER: dict[str, Any] = {"max_hold": "P1D", "grace": "P5D", "reminders": []}


async def world_of(
    path: Path, rules: Mapping[str, Any], other: Mapping[str, Any] | None = None
) -> World:
    second = rules if other is None else other
    return await World.of({**path.rules, **rules}, {**path.rules, **second})


async def gains(path: Path, world: World) -> bool:
    """Whether the path makes li the owner of a customer."""
    before = await world.customer()
    await go(path, world)
    after = await world.customer()
    if after is None or after.owner_id != world.li.id:
        return False
    return before is None or after.epoch > before.epoch


async def capacity(path: Path) -> bool:
    world = await world_of(path, {"capacity": 1})
    await path.begins(world)
    await world.fill()
    await go(path, world)
    seats = await Seat.filter(member_id=world.li.id)
    return any(seat.held > 1 for seat in seats)


async def daily_limit(path: Path) -> bool:
    world = await world_of(path, {"daily_claim_limit": 1})
    await path.begins(world)
    await world.fill()
    return await gains(path, world)


async def cool_down(path: Path) -> bool:
    """Li lost the customer from a strict pool; the other pool is not strict."""
    world = await world_of(path, {"reclaim_cooldown": "P30D"}, {})
    await world.lost_by_li()
    if path.gives:
        await path.begins(world)
    return await gains(path, world)


async def new_customer_lock(path: Path) -> bool:
    world = await world_of(path, {"new_customer_lock": "P300D"})
    await (path.begins(world) if path.gives else world.enters())
    return await gains(path, world)


async def max_hold(path: Path) -> bool:
    """The end of the hold is known before: from the claim, by the calendar and the rules then."""
    world = await world_of(path, {**FOLLOW_UPS, **MAX_HOLD})
    working = bool(path.rules.get("working_days"))
    calendar, span = world.li.organization.calendar, Span.parse(MAX_HOLD["max_hold"])
    await path.begins(world)
    before = await world.customer()
    await go(path, world)
    after = await world.known()
    if after.owner_id != world.li.id:
        return False
    began = after.claimed_at if path.gives else before and before.claimed_at
    assert began
    return after.release_at is None or after.release_at > calendar.after(began, span, working)


async def grace(path: Path) -> bool:
    """Who holds has the whole grace after new rules; who gets a customer later has none of it."""
    world = await world_of(path, {"max_hold": "P20D", "reminders": []})
    await path.begins(world)
    await time_passes("4 days" if not path.gives else "1 second")
    held = await world.customer()
    await world.change_rules(**{**path.rules, **SHORTER})
    await world.look_again()
    if path.gives:
        return await gains(path, world) and _has_grace(await world.known(), world)
    assert held
    assert held.owner_id == world.li.id
    await go(path, world)
    release_at = (await world.known()).release_at
    return release_at is not None and release_at < await _grace_end(world)


def _has_grace(customer: Customer, world: World) -> bool:
    assert customer.claimed_at
    span = Span.parse(SHORTER["max_hold"])
    until = world.li.organization.calendar.after(customer.claimed_at, span)
    return customer.release_at is None or customer.release_at > until


async def _grace_end(world: World) -> datetime:
    pool = await Pool.get(id=world.pool.id)
    assert pool.rules.grace
    calendar = (await world.admin()).organization.calendar
    return calendar.after(pool.rules_changed_at, pool.rules.grace)


Trial = Callable[[Path], Awaitable[bool]]
TRIALS: dict[str, Trial] = {
    "capacity": capacity,
    "daily limit": daily_limit,
    "cool-down": cool_down,
    "new-customer lock": new_customer_lock,
    "maxHold": max_hold,
    "grace": grace,
}
