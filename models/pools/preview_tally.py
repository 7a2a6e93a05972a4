"""A preview's sums, customer by customer."""

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from uuid import UUID

from models.refusals import InvalidInput
from models.rules.absences import Absences
from models.rules.calendars import Calendar
from models.rules.durations import Span
from models.rules.evaluation import Ownership, evaluate
from models.rules.rules import Rules
from models.tables import Pool
from models.taking.capacity import OverCapacity

BUCKETS = tuple(Span.parse(text) for text in ("P1D", "P3D", "P7D", "P14D", "P30D"))
MOST_EXAMPLES = 100


@dataclass(frozen=True, slots=True)
class Bucket:
    within: Span
    today: int
    proposed: int


@dataclass(frozen=True, slots=True)
class Effect:
    customer_id: UUID
    today: datetime | None
    proposed: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """As of `at`, from when a grace would count."""

    at: datetime
    held: int
    released_at_once: int
    dealt_at_once: int
    released_within: list[Bucket]
    earlier: int
    later: int
    unchanged: int
    over_capacity: list[OverCapacity]
    moved_most: list[Effect]

    def examples(self, first: int) -> list[Effect]:
        """Those whose release moves the most; to and from never is farther than any date."""
        if not 1 <= first <= MOST_EXAMPLES:
            raise InvalidInput.at("first", "must be from 1 to 100")
        return self.moved_most[:first]


@dataclass
class Tally:
    pool: Pool
    rules: Rules
    calendar: Calendar
    at: datetime
    # By member; those without any are left out.
    absences: Mapping[UUID, Absences]
    moves: Counter[str] = field(default_factory=Counter)
    held: Counter[UUID] = field(default_factory=Counter)
    won: Counter[UUID] = field(default_factory=Counter)
    at_once: int = 0

    def __post_init__(self) -> None:
        grace, working = self.rules.grace, self.rules.working_days
        self.grace_over = self.calendar.after(self.at, grace, working) if grace else self.at
        self.bounds = [self.calendar.after(self.at, span) for span in BUCKETS]
        self.today, self.proposed = [[0] * (len(BUCKETS) + 1) for _ in range(2)]
        self.farthest: list[tuple[timedelta, float, UUID, Effect]] = []

    def add(
        self, ownership: Ownership, id: UUID, owner: UUID, version: int, today: datetime | None
    ) -> None:
        """Add a customer, held under a version of the rules, with its release today."""
        absences = self.absences.get(owner, ())
        if version < self.pool.rules_version:
            today = self._due(ownership, self.pool.rules, self.pool.rules_changed_at, absences)
        proposed = self._due(ownership, self.rules, self.at, absences)
        self.held[owner] += 1
        self.won[owner] += ownership.won_at is not None
        self.at_once += proposed is not None and proposed <= self.grace_over
        for bins, moment in ((self.today, today), (self.proposed, proposed)):
            if moment is not None:
                bins[bisect_left(self.bounds, moment)] += 1
        self._compare(id, today, proposed)

    def told(self, over_capacity: list[OverCapacity], dealt_at_once: int) -> Preview:
        sums = zip(BUCKETS, accumulate(self.today), accumulate(self.proposed), strict=False)
        return Preview(
            at=self.at,
            held=self.held.total(),
            released_at_once=self.at_once,
            dealt_at_once=dealt_at_once,
            released_within=[Bucket(*each) for each in sums],
            earlier=self.moves["earlier"],
            later=self.moves["later"],
            unchanged=self.moves["unchanged"],
            over_capacity=over_capacity,
            moved_most=[effect for *_, effect in sorted(self.farthest, reverse=True)],
        )

    def _due(
        self,
        ownership: Ownership,
        rules: Rules,
        rules_changed_at: datetime,
        absences: Absences,
    ) -> datetime | None:
        forecast = evaluate(ownership, rules, rules_changed_at, self.calendar, absences)
        return forecast.at if forecast else None

    def _compare(self, id: UUID, today: datetime | None, proposed: datetime | None) -> None:
        if today == proposed:
            self.moves["unchanged"] += 1
            return
        sooner = today is None or (proposed is not None and proposed < today)
        self.moves["earlier" if sooner else "later"] += 1
        distance, nearer = timedelta.max, today or proposed
        if today and proposed:
            distance, nearer = abs(today - proposed), min(today, proposed)
        is_full = len(self.farthest) == MOST_EXAMPLES
        if is_full and distance < self.farthest[0][0]:
            return
        assert nearer
        # Of two that move as far, the one whose release is nearer tells more.
        far = (distance, -nearer.timestamp(), id, Effect(id, today, proposed))
        push = heapq.heappushpop if is_full else heapq.heappush
        push(self.farthest, far)
