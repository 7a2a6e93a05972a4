"""Registration: a new customer goes straight into the private pool of the member who reports it."""

from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.fields import COLUMNS, Fields, check_fields, plain
from models.customers.register_statement import Known, NewCustomer, write_registration
from models.customers.room import Room, read_room
from models.duplicates.exact import Match, refuse, refusing, sharing, taken_keys
from models.duplicates.keys import duplicate_keys
from models.duplicates.lookups import cost, counted, take
from models.duplicates.misses import missed
from models.duplicates.similar import alike
from models.holding import alarms
from models.ledger.outcomes import Claimed, Outcome
from models.refusals import CapacityReached, CoolingDown, Duplicate
from models.tables import Customer
from models.taking.cool_downs import cooling_down_until
from models.viewers import Viewer, seen_pool


async def register(viewer: Viewer, pool_id: UUID | None, fields: Fields) -> Outcome:
    """Report a new customer, which the viewer then holds.

    Capacity holds; the daily limit does not, as nothing is taken out of the pool. A refusal tells
    who is a customer, so it counts as a look-up: raises TooManyLookups.
    """
    return Claimed(await database.with_retries(lambda: _register(viewer, pool_id, fields)))


async def find_duplicates(viewer: Viewer, fields: Fields) -> list[Duplicate]:
    """Return those that refuse a registration, those that only share a key, and similar names.

    Raises TooManyLookups.
    """
    known = _known(fields)
    keys = duplicate_keys(known)
    await take(viewer, keys)
    found = await sharing(viewer, keys)
    besides = [each.customer_id for each in found]
    names = await alike(viewer.organization.id, known["name"] or "", besides)
    if not found:
        await missed(viewer, cost(keys))
    return [each.told_to(viewer) for each in [*found, *names]]


async def _register(viewer: Viewer, pool_id: UUID | None, fields: Fields) -> Customer:
    pool = await seen_pool(viewer, pool_id)
    known = _known(fields)
    async with counted(viewer, duplicate_keys(known)):
        async for _ in database.attempts("a pool or a duplicate"):
            new = await _new_customer(viewer, known)
            room = await read_room(viewer, pool.id)
            _refuse_if_full(room)
            customers = await _written(viewer, room, new)
            if customers:
                break
    await alarms.arm(customers, room.now)
    return customers[0]


def _known(fields: Fields) -> Known:
    """Return all fields, trimmed, None for absent ones; raises InvalidInput."""
    known = {name: plain(name, fields.get(name)) for name in COLUMNS}
    check_fields(known)
    return known


async def _new_customer(viewer: Viewer, known: Known) -> NewCustomer:
    keys = duplicate_keys(known)
    found = await refusing(viewer, keys, keys)
    refuse(viewer, found)
    await _refuse_lost(viewer, found)
    return NewCustomer(known, keys, taken_keys(found))


async def _refuse_lost(viewer: Viewer, found: list[Match]) -> None:
    """Raises CoolingDown if the viewer lost one of them: another number is no way round."""
    lost = await cooling_down_until(viewer, [each.customer_id for each in found]) if found else {}
    if lost:
        raise CoolingDown(max(lost.values()))


async def _written(viewer: Viewer, room: Room, new: NewCustomer) -> list[Customer]:
    try:
        return await write_registration(viewer, room, new)
    except IntegrityError:
        # Another customer took a key since it was found free: look again.
        return []


def _refuse_if_full(room: Room) -> None:
    if room.capacity is not None and room.held >= room.capacity:
        raise CapacityReached(room.held, room.capacity)
