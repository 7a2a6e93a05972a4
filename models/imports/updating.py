"""Changing the customers that rows of a sheet already are, by their keys."""

from collections.abc import Callable
from uuid import UUID

from models import database
from models.customers.csv_known import Known
from models.customers.csv_parsing import Row
from models.customers.levels import level_of
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.holdings import read_holdings
from models.imports.update_statement import Update, update_of, write_updates
from models.tables import Customer
from models.viewers import Viewer

# Changed at once: 1,000 took 50 ms of the event loop.
SLICE = 500


class Changed(database.Unavailable):
    """A customer has moved or gone since the rows were compared with it: they may come again."""


async def update_all(
    viewer: Viewer, rows: list[tuple[Row, UUID]], known: Known, written: Callable[[int], None]
) -> int:
    """Return how many customers changed; a blank cell changes nothing. In the open transaction."""
    ordered, count = sorted(rows, key=lambda each: each[1]), 0
    for start in range(0, len(ordered), SLICE):
        part = ordered[start : start + SLICE]
        updates = await _updates(viewer, part)
        if updates:
            await _write(viewer, updates, known)
        count += len(updates)
        written(len(part))
    return count


async def _updates(viewer: Viewer, part: list[tuple[Row, UUID]]) -> list[Update]:
    """Lock the customers; raises Changed if the viewer may no longer change one of them."""
    ids = [id for _, id in part]
    locked = await viewer.of(Customer).filter(id__in=ids).order_by("id").select_for_update()
    customers = {each.id: each for each in locked if _may_change(viewer, each)}
    if len(customers) < len(part):
        raise Changed
    made = (update_of(customers[id], row) for row, id in part)
    return [each for each in made if each.changed]


def _may_change(viewer: Viewer, customer: Customer) -> bool:
    return viewer.administers(customer.pool_id) or customer.owner_id == viewer.id


async def _write(viewer: Viewer, updates: list[Update], known: Known) -> None:
    written = await write_updates(viewer, updates, known)
    before = {each.customer.id: level_of(each.customer) for each in updates}
    leveled = [each for each in written if level_of(each) != before[each.id]]
    await _reschedule(viewer, [each.id for each in leveled if each.owner_id])


async def _reschedule(viewer: Viewer, ids: list[UUID]) -> None:
    """Another level has other deadlines."""
    if not ids:
        return
    holdings = await read_holdings(viewer.organization.id, ids)
    changes = [
        Change(each, each.facts, each.calendar, by_another=each.customer.owner_id != viewer.id)
        for each in holdings
    ]
    customers = await rewrite_holdings(changes)
    await alarms.arm(came_nearer(changes, customers), holdings[0].now)
