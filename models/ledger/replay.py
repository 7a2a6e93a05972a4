"""Replay the ledger and compare it with the tables customer and seat.

Every statement of a replay sees one snapshot. Customers and events are read side by side in the
order of their customers, so memory holds one slice of each, and the seats and rules of one
organization. Writers never wait for it.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.database import Snapshot
from models.ledger import replay_reads as reads
from models.ledger.differences import Difference, Seats, customer_differences
from models.ledger.life import Life
from models.tables import Organization


@dataclass(slots=True)
class Replayed:
    """How much a replay has compared so far."""

    differences: int = 0
    organizations: int = 0
    customers: int = 0
    seats: int = 0
    events: int = 0


async def differences(organization_id: UUID | None = None) -> list[str]:
    """Where the tables contradict the ledger, of one organization or all; empty if nowhere."""
    return [str(found) async for found in replay(organization_id, Replayed())]


async def replay(
    organization_id: UUID | None, replayed: Replayed
) -> AsyncGenerator[Difference, None]:
    """Yield the differences as they are found, and count in `replayed`."""
    async with database.snapshot() as snapshot:
        for organization in await reads.organizations(snapshot, organization_id):
            replayed.organizations += 1
            async for found in _organization(snapshot, organization, replayed):
                replayed.differences += 1
                yield found


async def _organization(
    snapshot: Snapshot, organization: Organization, replayed: Replayed
) -> AsyncGenerator[Difference, None]:
    calendar = organization.calendar
    versions = await reads.versions(snapshot, organization.id)
    absences = await reads.absences(snapshot, organization.id)
    seats = Seats(await reads.seats(snapshot, organization.id), calendar)
    customers = reads.customers(snapshot, organization.id)
    events = reads.events(snapshot, organization.id)
    async with aclosing(customers), aclosing(events):
        lives = _lives(events, seats, replayed)
        async for id, row, life in _pairs(customers, lives):
            replayed.customers += 1
            seats.count_life(life)
            if row is None:
                yield Difference(f"customer {id}", "id", id, None)
                continue
            still = absences.get(row["owner_id"], ())
            for found in customer_differences(row, life, versions, calendar, still):
                yield found
    replayed.seats += len(seats)
    for found in seats.differences():
        yield found


async def _lives(
    events: AsyncIterator[dict[str, Any]], seats: Seats, replayed: Replayed
) -> AsyncGenerator[tuple[UUID, Life], None]:
    """Each customer of the events, which are in the order of their customers."""
    id, life = None, Life()
    async for event in events:
        if event["customer_id"] != id:
            if id:
                yield id, life
            id, life = event["customer_id"], Life()
        life.apply(event)
        seats.count_event(event)
        replayed.events += 1
    if id:
        yield id, life


async def _pairs(
    customers: AsyncGenerator[dict[str, Any], None], lives: AsyncGenerator[tuple[UUID, Life], None]
) -> AsyncGenerator[tuple[UUID, dict[str, Any] | None, Life], None]:
    """Merge two streams, both in the order of ids: every customer that either of them has."""
    row, entry = await anext(customers, None), await anext(lives, None)
    while row or entry:
        if row and (entry is None or row["id"] < entry[0]):
            yield row["id"], row, Life()
            row = await anext(customers, None)
        elif entry and (row is None or entry[0] < row["id"]):
            yield entry[0], None, entry[1]
            entry = await anext(lives, None)
        elif row and entry:
            yield entry[0], row, entry[1]
            row, entry = await anext(customers, None), await anext(lives, None)
