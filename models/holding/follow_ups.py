"""Working a held customer: follow-ups and deals. Both are stamped by the server's clock."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.deals import deal_change
from models.holding.holdings import Holding, held_by
from models.ledger.outcomes import Held, Outcome
from models.refusals import InvalidInput
from models.tables import Customer
from models.texts.text import Text
from models.validation import text_problem
from models.viewers import Viewer

NOTE_LENGTH = 5000
AMOUNT_LIMIT = Decimal(10) ** 15


async def log_follow_up(viewer: Viewer, customer_id: UUID | None, kind: str, note: str) -> Outcome:
    """The owner got in touch: the NOT_FOLLOWED_UP deadline counts from now."""
    _check_note(note)

    def change(holding: Holding) -> Change:
        return Change(
            holding,
            holding.facts._replace(followed_up_at=holding.now),
            holding.calendar,
            action="FOLLOWED_UP",
            actor_id=viewer.id,
            # The release before reads a note of every follow-up.
            details={"kind": kind, "note": ""},
            texts={"note": note.strip()},
        )

    return Held(await _work(viewer, customer_id, change))


async def record_deal(viewer: Viewer, customer_id: UUID | None, amount: Decimal) -> Outcome:
    """Sign the customer, or report the deal where the rules want it confirmed first."""
    _check_amount(amount)
    change = partial(deal_change, owner_id=viewer.id, amount=str(amount))
    return Held(await _work(viewer, customer_id, change))


async def _work(
    viewer: Viewer, customer_id: UUID | None, change: Callable[[Holding], Change]
) -> Customer:
    """Read the holding and write it as changed, again if another writer came first."""
    async for _ in database.attempts(f"customer {customer_id}"):
        holding = await held_by(viewer, customer_id)
        changes = [change(holding)]
        customers = await rewrite_holdings(changes)
        if customers:
            break
    await alarms.arm(came_nearer(changes, customers), holding.now)
    return customers[0]


def _check_note(note: str) -> None:
    _require(
        text_problem("note", note, most=NOTE_LENGTH) is None,
        "note",
        Text("say what happened, in 1 to {most} characters", most=NOTE_LENGTH),
    )


def _check_amount(amount: Decimal) -> None:
    whole = amount.is_finite() and 0 < amount < AMOUNT_LIMIT
    _require(
        whole and amount == round(amount, 4),
        "amount",
        "a positive amount below 10^15 with at most four decimal places",
    )


def _require(holds_true: Any, path: str, message: str) -> None:
    if not holds_true:
        raise InvalidInput.at(path, message)
