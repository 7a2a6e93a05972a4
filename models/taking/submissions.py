"""Claims that wait to be written, and which of them make a batch."""

import asyncio
from collections import Counter
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


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    rows: list[ClaimRow]
    result: asyncio.Future[list[Customer]]
    # The span that waits for it, where traces are on.
    origin: str | None = field(default_factory=tracing.carry)
    # The customers and seats that its statement locks.
    locks: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "locks", frozenset(_locks(self.rows)))

    @property
    def organization_id(self) -> str:
        return self.rows[0]["organization_id"] if self.rows else ""

    @property
    def is_large(self) -> bool:
        return len(self.rows) > FEW


def in_turn(waiting: Iterable[Submission]) -> list[Submission]:
    """Return the first of each organization, then the second of each."""
    places: Counter[str] = Counter()
    ordered = []
    for each in waiting:
        places[each.organization_id] += 1
        ordered.append((places[each.organization_id], each))
    return [each for _, each in sorted(ordered, key=itemgetter(0))]


def batch_of(waiting: list[Submission], locked: Set[str]) -> list[Submission]:
    """Return the first that fit into a batch and need nothing that is locked."""
    batch: list[Submission] = []
    rows: Counter[str] = Counter()
    is_one = len({each.organization_id for each in waiting}) == 1
    most = LARGEST_BATCH if is_one else LARGEST_PART
    for each in waiting:
        fits = rows[each.organization_id] + len(each.rows) <= most
        if fits and rows.total() < LARGEST_BATCH and locked.isdisjoint(each.locks):
            batch.append(each)
            rows[each.organization_id] += len(each.rows)
    return batch


def first_of(waiting: list[Submission], locked: Set[str]) -> list[Submission]:
    """Return the first that needs nothing that is locked, or none."""
    return [each for each in waiting if locked.isdisjoint(each.locks)][:1]


def _locks(rows: list[ClaimRow]) -> Iterator[str]:
    for row in rows:
        yield row["customer_id"]
        yield f"{row['pool_id']} {row['member_id']}"
