"""Deals customers out: a batch of a pool in one transaction, by the statement of assignments."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from models import database
from models.distribution.receivers import Dealer, read_dealer, read_receivers
from models.distribution.turns import Receiver, Turns
from models.distribution.waiting import LAST_ID, Place, Waiting, read_waiting
from models.holding import alarms
from models.taking.take_statement import claim_row, write_claims

BATCH = 500
# The reason in the ledger, where a rule deals.
DEALT_OUT = "DEALT_OUT"
# Their events have an order of their own: who was dealt last is last in the next batch too.
APART = timedelta(microseconds=1)

SEATS = """
INSERT INTO seat (organization_id, pool_id, member_id)
SELECT $1::uuid, $2::uuid, member_id FROM unnest($3::uuid[]) AS wanted(member_id)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """`dealt` customers have an owner now, and those `left` have none.

    Nobody may get them, or they were in use. All up to `place` were looked at; `more` may wait
    behind it.
    """

    dealt: int
    left: bool
    place: Place
    more: bool


async def deal_batch(organization_id: UUID, pool_id: UUID, place: Place) -> Batch | None:
    """Deal some that wait behind the place; None if the pool deals nothing out, or another does.

    The turn and the writes are of one transaction: whoever counts what was dealt today has the
    turn, so sees all of it. A claim may be faster; then the customer and the seat decide.
    """
    return await database.with_retries(partial(_deal_batch, organization_id, pool_id, place))


async def _deal_batch(organization_id: UUID, pool_id: UUID, place: Place) -> Batch | None:
    async with database.transaction():
        if not await database.try_turn(f"dealing of {pool_id}"):
            return None
        dealer = await read_dealer(organization_id, pool_id)
        if dealer is None:
            return None
        receivers = await read_receivers(dealer)
        turns = Turns(dealer.distribution, receivers)
        if not turns:
            return Batch(0, True, (dealer.opened_by, LAST_ID), more=False)
        waiting = await read_waiting(dealer, receivers, place, BATCH)
        pairs = _pairs(turns, waiting)
        dealt = await _write(dealer, pairs)
        more = len(waiting) == BATCH and bool(turns)
        end = waiting[-1].place if more else (dealer.opened_by, LAST_ID)
        return Batch(dealt, dealt < len(waiting) or not turns, end, more)


def _pairs(turns: Turns, waiting: list[Waiting]) -> list[tuple[Waiting, Receiver]]:
    found = ((each, turns.next(each.forbidden)) for each in waiting)
    return [(each, receiver) for each, receiver in found if receiver]


async def _write(dealer: Dealer, pairs: list[tuple[Waiting, Receiver]]) -> int:
    """Return how many were still as read, with room for them. Rows in use are left out."""
    if not pairs:
        return 0
    unseated = {each.member.id for _, each in pairs if not each.seated}
    if unseated:
        where = (dealer.organization_id, dealer.pool_id)
        await database.rows(SEATS, *where, sorted(unseated))
    rows = [_row(dealer, *pair, n) for n, pair in enumerate(pairs)]
    customers = await write_claims(rows)
    await alarms.arm(customers, dealer.now)
    return len(customers)


def _row(dealer: Dealer, waiting: Waiting, receiver: Receiver, number: int) -> dict[str, Any]:
    candidate = waiting.candidate(dealer, receiver, dealer.now + number * APART)
    row = claim_row(None, candidate, receiver.member, assigned=True)
    details = row["details"] | {"dealt": str(dealer.distribution.strategy)}
    return row | {"reason": DEALT_OUT, "details": details}
