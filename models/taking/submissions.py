"""Claims that wait to be written, and which of them make a batch."""

import asyncio
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from operator import itemgetter

from models.tables import Customer
from models.taking.take_statement import ClaimRow
from models.telemetry import tracing

LARGEST_BATCH = 200
# Of one organization, where others wait too.
LARGEST_PART = 100
# A submission of more is a batch by itself.
FEW = 10


@dataclass(slots=True, eq=False)
class Submission:
    rows: list[ClaimRow]
    result: asyncio.Future[list[Customer]]
    # The span that waits for it, where traces are on.
    origin: str | None = field(default_factory=tracing.carry)
    organization_id: str = field(init=False)
    is_large: bool = field(init=False)
    # The customers and seats that its statement locks.
    locks: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.organization_id = self.rows[0]["organization_id"] if self.rows else ""
        self.is_large = len(self.rows) > FEW
        self.locks = frozenset(_locks(self.rows))


def in_turn(waiting: Iterable[Submission]) -> list[Submission]:
    """Return the first of each organization, then the second of each."""
    places: dict[str, int] = {}
    ordered = []
    for each in waiting:
        place = places[each.organization_id] = places.get(each.organization_id, 0) + 1
        ordered.append((place, each))
    return [each for _, each in sorted(ordered, key=itemgetter(0))]


def batch_of(waiting: list[Submission], locked: Set[str]) -> list[Submission]:
    """Return the first that fit into a batch and need nothing that is locked."""
    batch: list[Submission] = []
    rows = dict.fromkeys((each.organization_id for each in waiting), 0)
    most, total = (LARGEST_BATCH if len(rows) == 1 else LARGEST_PART), 0
    for each in waiting:
        count = len(each.rows)
        fits = rows[each.organization_id] + count <= most
        if fits and total < LARGEST_BATCH and locked.isdisjoint(each.locks):
            batch.append(each)
            rows[each.organization_id] += count
            total += count
    return batch


def first_of(waiting: list[Submission], locked: Set[str]) -> list[Submission]:
    """Return the first that needs nothing that is locked, or none."""
    return [each for each in waiting if locked.isdisjoint(each.locks)][:1]


def _locks(rows: list[ClaimRow]) -> Iterator[str]:
    for row in rows:
        yield row["customer_id"]
        yield f"{row['pool_id']} {row['member_id']}"
