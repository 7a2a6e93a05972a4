"""An administrator confirms or declines a deal, where the rules want it.

A deal that waits is its report in the ledger, of the present ownership: it lapses with it.
"""

import json
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import rewrite_holdings
from models.holding.deals import signing_change
from models.holding.holdings import Holding, lock_row, read_holdings
from models.ledger.outcomes import Held, Outcome
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import CUSTOMER_COLUMNS, Customer
from models.validation import checked_text
from models.viewers import Viewer

NOTE_LENGTH = 500

REPORT = """
SELECT id, details ->> 'amount' AS amount FROM event
WHERE organization_id = $1 AND customer_id = $2 AND epoch = $3 AND action = 'DEAL_REPORTED'
ORDER BY seq DESC LIMIT 1
"""
DECIDE = f"""
WITH decided AS (
  -- 1. decided: the customer, whose deal no longer waits
  UPDATE customer c SET deal_reported_at = NULL
  WHERE c.organization_id = $1 AND c.id = $2 RETURNING c.*
), logged AS (
  -- 2. logged: the decision, for both sides
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    due_at, details)
  SELECT organization_id, id, epoch, $3, $4, owner_id, pool_id, release_at, $6::jsonb
  FROM decided RETURNING organization_id, id, customer_id
), texted AS (
  -- 3. texted: why
  INSERT INTO event_text (organization_id, id, customer_id, reason)
  SELECT organization_id, id, customer_id, $5::text FROM logged WHERE $5::text IS NOT NULL
)
SELECT {CUSTOMER_COLUMNS} FROM decided c
"""


async def confirm(
    viewer: Viewer, customer_id: UUID | None, approve: bool, note: str | None
) -> Outcome:
    """Confirm or decline the deal that waits; not for the owner.

    For administrators of the pool, and who leads the owner.

    Raises NotFound, Forbidden, and InvalidInput where no deal waits.
    """
    words = checked_text("note", note or "", most=NOTE_LENGTH, least=0) or None
    return Held(
        await database.with_retries(lambda: _decide(viewer, customer_id, approve, words)),
    )


async def _decide(
    viewer: Viewer, customer_id: UUID | None, approve: bool, note: str | None
) -> Customer:
    async with database.transaction():
        await lock_row(viewer, customer_id)
        holding = await _decidable(viewer, customer_id)
        report = await _waiting(holding.customer)
        if approve:
            change = signing_change(holding, viewer.id, report, note=note)
            await alarms.arm(await rewrite_holdings([change]), holding.now)
        action = "DEAL_CONFIRMED" if approve else "DEAL_DECLINED"
        customer = await _write_decision(viewer, holding.customer, action, note, report)
        await alarms.ring()
        return customer


async def _decidable(viewer: Viewer, customer_id: UUID | None) -> Holding:
    ids = [customer_id] if customer_id else []
    for holding in await read_holdings(viewer.organization.id, ids):
        customer = holding.customer
        if not viewer.sees(customer):
            break
        if not viewer.decides(customer):
            raise Forbidden("Only administrators of its pool confirm a deal.")
        if customer.owner_id == viewer.id:
            raise Forbidden("Another administrator of its pool must confirm your own deal.")
        return holding
    raise NotFound


async def _waiting(customer: Customer) -> dict[str, str]:
    """Return the amount and the report's id; raises InvalidInput if no deal waits."""
    if customer.owner_id and customer.deal_reported_at:
        scope = (customer.organization_id, customer.id, customer.epoch)
        for row in await database.rows(REPORT, *scope):
            return {"amount": row["amount"], "report": str(row["id"])}
    raise InvalidInput.at("customerId", "has no deal that waits for confirmation")


async def _write_decision(
    viewer: Viewer, customer: Customer, action: str, note: str | None, report: dict[str, str]
) -> Customer:
    (decided,) = await database.models(
        Customer,
        DECIDE,
        viewer.organization.id,
        customer.id,
        action,
        viewer.id,
        note,
        json.dumps(report),
    )
    return decided
