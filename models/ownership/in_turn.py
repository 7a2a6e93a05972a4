"""Who gets which customer, where several members take turns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.tables import Member
from models.taking.candidates import Candidate

# What members hold in pools, as the pools' capacities count, by (pool, member).
Seat = tuple[UUID, UUID]
Counts = Mapping[Seat, int]
Dealt = list[tuple[Candidate, Member]]


@dataclass(slots=True)
class Turns:
    """Deals customers out: each goes to the next member in turn who has room for it."""

    members: Sequence[Member]
    turn: int = 0

    def deal(
        self, candidates: Iterable[Candidate], held: Counts, active: Collection[UUID]
    ) -> tuple[Dealt, list[Candidate]]:
        """Return which active member gets whom, and the customers for whom nobody has room.

        A signed customer takes no room where its pool's capacity does not count signed ones.
        """
        counts = dict(held)
        dealt, unfit = [], []
        for candidate in candidates:
            if member := self._next_for(candidate, counts, active):
                dealt.append((candidate, member))
            else:
                unfit.append(candidate)
        return dealt, unfit

    def _next_for(
        self, candidate: Candidate, held: dict[Seat, int], active: Collection[UUID]
    ) -> Member | None:
        takes_room = candidate.rules.won_count or candidate.customer.won_at is None
        for turn in range(self.turn, self.turn + len(self.members)):
            member = self.members[turn % len(self.members)]
            seat = (candidate.customer.pool_id, member.id)
            capacity = candidate.rules.capacity_for(member.id, member.lineage)
            full = takes_room and capacity is not None and held.get(seat, 0) >= capacity
            if member.id in active and not full:
                held[seat] = held.get(seat, 0) + takes_room
                self.turn = turn + 1
                return member
        return None
