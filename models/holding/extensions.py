"""More time for a customer: its owner asks, an administrator of its pool decides.

An extension is its request in the ledger; the event of its decision, of which there is at most
one, gives its status.
"""

from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.extension_checks import TEXT_LENGTH, movable_deadline, refuse_span
from models.holding.extension_reads import Extension, find_extensions
from models.holding.holdings import Holding, held_by, lock_row
from models.refusals import InvalidInput
from models.rules.durations import Span
from models.validation import checked_text
from models.viewers import Viewer

ASK = """
WITH asked AS (
  -- 1. asked: unless another request waits
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    details)
  SELECT $1::uuid, $2::uuid, $3::integer, 'EXTENSION_REQUESTED', $4::uuid, $4::uuid, $6::uuid,
    jsonb_build_object('by', $7::text)
  WHERE NOT EXISTS (
    SELECT FROM event r WHERE r.organization_id = $1 AND r.customer_id = $2 AND r.epoch = $3
      AND r.action = 'EXTENSION_REQUESTED' AND NOT EXISTS (
        SELECT FROM event d WHERE d.organization_id = $1 AND d.details ->> 'extension' = r.id::text
          AND d.action IN ('EXTENDED', 'EXTENSION_DECLINED')))
  RETURNING organization_id, id, customer_id
)
-- 2. Why.
INSERT INTO event_text (organization_id, id, customer_id, reason)
SELECT organization_id, id, customer_id, $5::text FROM asked RETURNING id
"""


async def ask(viewer: Viewer, customer_id: UUID | None, by: Span, reason: str) -> Extension:
    """The owner asks for more time; one request waits at a time."""
    words = checked_text("reason", reason, most=TEXT_LENGTH)
    asked = await database.with_retries(lambda: _ask(viewer, customer_id, by, words))
    return (await find_extensions(viewer, [asked]))[0]


async def _ask(viewer: Viewer, customer_id: UUID | None, by: Span, reason: str) -> UUID:
    async with database.transaction():
        await lock_row(viewer, customer_id)
        holding = await held_by(viewer, customer_id)
        refuse_span(holding, by)
        movable_deadline(holding)
        return await _write_request(viewer, holding, by, reason)


async def _write_request(viewer: Viewer, holding: Holding, by: Span, reason: str) -> UUID:
    customer = holding.customer
    for row in await database.rows(
        ASK,
        viewer.organization.id,
        customer.id,
        customer.epoch,
        viewer.id,
        reason,
        customer.pool_id,
        str(by),
    ):
        asked: UUID = row["id"]
        await alarms.ring()
        return asked
    raise InvalidInput.at("customerId", "already has a pending extension")
