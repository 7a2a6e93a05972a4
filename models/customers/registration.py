"""Registration: a new customer goes straight into the private pool of the member who reports it."""

from uuid import UUID

from models import database
from models.customers.fields import COLUMNS, Fields, check_fields, plain
from models.customers.register_statement import Known, Room, read_room, write_registration
from models.duplicates import lookups
from models.duplicates.exact import duplicate, duplicates_of, same
from models.duplicates.keys import duplicate_keys, keys_of
from models.duplicates.similar import alike
from models.holding import alarms
from models.ledger.outcomes import Claimed, Outcome
from models.refusals import CapacityReached, Duplicate, DuplicateFound
from models.tables import Customer
from models.viewers import Viewer, seen_pool

ATTEMPTS = 10


async def register(viewer: Viewer, pool_id: UUID | None, fields: Fields) -> Outcome:
    """Report a new customer, which the viewer then holds.

    Capacity holds; the daily limit does not, as nothing is taken out of the pool.
    """
    return Claimed(await database.with_retries(lambda: _register(viewer, pool_id, fields)))


async def find_duplicates(viewer: Viewer, fields: Fields) -> list[Duplicate]:
    """Return those that a registration would meet, then those whose names are merely alike.

    Counts as a look-up; raises TooManyLookups.
    """
    known = _known(fields)
    await lookups.take(viewer, duplicate_keys(known))
    rows = await same(viewer, keys_of(known))
    names = await alike(viewer.organization.id, known["name"] or "", [row["id"] for row in rows])
    return [duplicate(viewer, row, keys_of(known)) for row in [*rows, *names]]


async def _register(viewer: Viewer, pool_id: UUID | None, fields: Fields) -> Customer:
    pool = await seen_pool(viewer, pool_id)
    known = _known(fields)
    for _ in database.attempts(ATTEMPTS, "a pool or a duplicate"):
        await _refuse_duplicate(viewer, known)
        room = await read_room(viewer, pool.id)
        _refuse_if_full(room)
        customers = await write_registration(viewer, room, known)
        if customers:
            break
    await alarms.arm(customers, room.now)
    return customers[0]


def _known(fields: Fields) -> Known:
    """Return all fields, trimmed, None for absent ones; raises InvalidInput."""
    known = {name: plain(name, fields.get(name)) for name in COLUMNS}
    check_fields(known)
    return known


async def _refuse_duplicate(viewer: Viewer, known: Known) -> None:
    if found := await duplicates_of(viewer, keys_of(known)):
        raise DuplicateFound(tuple(found))


def _refuse_if_full(room: Room) -> None:
    if room.capacity is not None and room.held >= room.capacity:
        raise CapacityReached(room.held, room.capacity)
