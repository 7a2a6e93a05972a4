"""Comments on a held customer: no follow-up, so no deadline moves."""

from functools import partial
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.follow_ups import NOTE_LENGTH
from models.ledger.outcomes import Commented, Outcome
from models.refusals import Forbidden, NotFound
from models.tables import CUSTOMER_COLUMNS, Customer
from models.validation import checked_text
from models.viewers import Viewer, find_one

# The event names the owner, whom it alerts, unless the owner wrote it.
COMMENT = f"""
WITH picked AS MATERIALIZED (
  -- 1. picked: the customer, locked, if its owner and pool are as they were read
  SELECT {CUSTOMER_COLUMNS} FROM customer c
  WHERE c.organization_id = $1 AND c.id = $2 AND c.epoch = $3 AND c.pool_id = $4
    AND c.owner_id IS NOT NULL
  FOR NO KEY UPDATE OF c
), logged AS (
  -- 2. logged: the comment
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id)
  SELECT organization_id, id, epoch, 'COMMENTED', $5, nullif(owner_id, $5), pool_id
  FROM picked RETURNING organization_id, id, customer_id
), texted AS (
  -- 3. texted: its text
  INSERT INTO event_text (organization_id, id, customer_id, reason)
  SELECT organization_id, id, customer_id, $6::text FROM logged
)
SELECT {CUSTOMER_COLUMNS} FROM picked c
"""


async def comment(viewer: Viewer, customer_id: UUID | None, text: str) -> Outcome:
    """Comment on a held customer, for administrators of its pool and who leads its owner.

    The owner gets an alert, and may answer; that alerts nobody. Raises NotFound, Forbidden and
    InvalidInput.
    """
    words = checked_text("text", text, most=NOTE_LENGTH)
    async for _ in database.attempts(f"customer {customer_id}"):
        customer = await find_one(viewer, Customer, customer_id)
        _refuse(viewer, customer)
        read = (viewer.organization.id, customer.id, customer.epoch, customer.pool_id)
        write = partial(database.models, Customer, COMMENT, *read, viewer.id, words)
        if customers := await database.with_retries(write):
            break
    await alarms.ring()
    return Commented(customers[0])


def _refuse(viewer: Viewer, customer: Customer) -> None:
    if not viewer.sees(customer):
        raise NotFound
    if customer.owner_id == viewer.id:
        return
    if not viewer.decides(customer):
        raise Forbidden(
            "Only its owner, who leads them, and administrators of its pool comment on a customer."
        )
    if customer.owner_id is None:
        raise Forbidden("Nobody holds this customer: a comment would reach nobody.")
