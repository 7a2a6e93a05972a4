"""Handing on what a member holds: to others in turn, and to the pool where nobody has room."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from models import database
from models.holding import alarms
from models.ownership.in_turn import Counts, Dealt, Turns
from models.ownership.release_statement import Release, release_sql, write_release
from models.ownership.transfer_statement import write_transfers
from models.tables import Member
from models.taking.candidates import Candidate, read_candidates
from models.taking.capacity import ensure_seats
from models.taking.take_statement import claim_row
from models.viewers import Viewer

# So many become rows and JSON in one turn of the event loop.
BATCH = 250

# Of those who are still here: a receiver may leave meanwhile. Without a seat, its columns are NULL.
SEATS = """
SELECT m.id AS member_id, s.pool_id, s.held, s.won FROM member m
LEFT JOIN seat s ON s.organization_id = m.organization_id AND s.member_id = m.id
  AND s.pool_id = ANY($2::uuid[])
WHERE m.organization_id = $1 AND m.id = ANY($3::uuid[]) AND m.active
"""
UNFIT = release_sql(
    """WHERE c.organization_id = $6 AND c.id = ANY($7::uuid[]) AND c.owner_id = $8
  ORDER BY c.id FOR UPDATE OF c""",
    organization="$6",
)
# A transaction takes the rows of all its batches at once, in the order of every verb: it inserts
# seats, then locks customers, then seats.
POOLS = """
SELECT DISTINCT pool_id FROM customer WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""
LOCK_CUSTOMERS = """
SELECT id FROM customer WHERE organization_id = $1 AND id = ANY($2::uuid[]) AND owner_id = $3
ORDER BY id FOR UPDATE
"""
LOCK_SEATS = """
SELECT id FROM seat WHERE organization_id = $1 AND member_id = ANY($2::uuid[])
ORDER BY id FOR UPDATE
"""


@dataclass(slots=True)
class Handing:
    """A hand-over under way, in the name of `viewer`; `release` is for those that fit nowhere."""

    viewer: Viewer
    owner_id: UUID
    receivers: Sequence[Member]
    release: Release
    received: Counter[UUID] = field(default_factory=Counter)
    released: list[UUID] = field(default_factory=list)
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self.turns = Turns(self.receivers)

    async def hand_on(self, ids: Sequence[UUID]) -> None:
        """Hand these customers on, in this order; those that the owner lost meanwhile are left.

        A batch is a commit, unless a transaction is open.
        """
        if database.inside_transaction():
            await self._lock(ids)
        for start in range(0, len(ids), BATCH):
            await self._hand_on(list(ids[start : start + BATCH]))

    async def _lock(self, ids: Sequence[UUID]) -> None:
        whose, receivers = self.viewer.organization.id, [each.id for each in self.receivers]
        pools = [row["pool_id"] for row in await database.records(POOLS, whose, list(ids))]
        await ensure_seats(whose, pools, *receivers)
        await database.records(LOCK_CUSTOMERS, whose, list(ids), self.owner_id)
        await database.records(LOCK_SEATS, whose, [self.owner_id, *receivers])

    async def _hand_on(self, left: list[UUID]) -> None:
        async for _ in database.attempts(f"a customer of member {self.owner_id}"):
            candidates = await self._read(left)
            active, held = await self._seats(candidates)
            dealt, unfit = self.turns.deal(candidates, held, active)
            await self._ensure_seats(dealt, held)
            gone = await self._transfer(dealt) | await self._release(unfit)
            left = [each.customer.id for each in candidates if each.customer.id not in gone]
            if not left:
                break

    async def _read(self, ids: list[UUID]) -> list[Candidate]:
        found = await read_candidates(self.viewer, dict.fromkeys(ids))
        return [each for each in found if each.customer.owner_id == self.owner_id]

    async def _seats(self, candidates: list[Candidate]) -> tuple[set[UUID], Counts]:
        """Return which receivers are active, and what they hold."""
        rules = {each.customer.pool_id: each.rules for each in candidates}
        members = [each.id for each in self.receivers]
        rows = await database.records(SEATS, self.viewer.organization.id, list(rules), members)
        return {row["member_id"] for row in rows}, {
            (row["pool_id"], row["member_id"]): rules[row["pool_id"]].counted(
                row["held"], row["won"]
            )
            for row in rows
            if row["pool_id"]
        }

    async def _ensure_seats(self, dealt: Dealt, held: Counts) -> None:
        seats = {(candidate.customer.pool_id, member.id) for candidate, member in dealt}
        if missing := seats - held.keys():
            pools, members = ({seat[n] for seat in missing} for n in (0, 1))
            await ensure_seats(self.viewer.organization.id, pools, *members)

    async def _transfer(self, dealt: Dealt) -> set[UUID]:
        if not dealt:
            return set()
        rows = [
            claim_row(self.viewer, each, member, assigned=True, won_at=each.customer.won_at)
            | {"reason": self.release.words}
            for each, member in dealt
        ]
        moved = await database.with_retries(partial(write_transfers, rows))
        await alarms.arm(moved, dealt[0][0].now)
        self.received.update(customer.owner_id for customer in moved if customer.owner_id)
        return {customer.id for customer in moved}

    async def _release(self, unfit: list[Candidate]) -> set[UUID]:
        if not unfit:
            return set()
        ids = [each.customer.id for each in unfit]
        values = (self.viewer.organization.id, ids, self.owner_id)
        act = partial(write_release, UNFIT, self.release, *values)
        released = {row["id"] for row in await database.with_retries(act)}
        self.released += released
        return released
