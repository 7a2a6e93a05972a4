"""The result of an attempt: the delivery has arrived, is tried again later, or is given up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.webhooks.answers import Answer

LOCK_WEBHOOK = "SELECT FROM webhook WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE"


def settle_sql(table: str, returning: str, once: str = "false") -> str:
    """Return SQL that stores the result of an attempt. What is `once` has no second one.

    Each wait is as long as all those before it together, or as long as the receiver asks for.
    """
    return f"""
-- 1. The delivery, if the attempt still has its lease.
WITH tried AS MATERIALIZED (
  SELECT organization_id, id, began_at + $8::interval AS last_at, CASE
    WHEN $5::jsonb IS NULL THEN 'DELIVERED'
    WHEN {once} OR now() >= began_at + $8::interval THEN 'FAILED' ELSE 'PENDING' END AS status
  FROM {table}
  WHERE organization_id = $1 AND id = $2 AND attempts = $3 AND status = 'PENDING' FOR UPDATE
)
-- 2. Its result; a pending one gets its next attempt.
UPDATE {table} d SET status = t.status, response_status = $4, problem = $5,
  ended_at = CASE WHEN t.status <> 'PENDING' THEN now() END,
  next_at = CASE WHEN t.status = 'PENDING' THEN least(t.last_at,
    now() + greatest(least(greatest(now() - began_at, $6::interval), $7::interval), $9::interval))
    END
FROM tried t WHERE d.organization_id = $1 AND d.id = t.id
RETURNING {returning}
"""


SETTLE = settle_sql("webhook_delivery", "d.status, d.again, d.customer_id")
NEXT_TURN = """
UPDATE webhook_delivery SET next_at = now(), began_at = now()
WHERE organization_id = $1 AND id = (
  SELECT id FROM webhook_delivery
  WHERE organization_id = $1 AND webhook_id = $2 AND customer_id = $3
    AND status = 'PENDING' AND NOT again
  ORDER BY seq LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before the second attempt, at most between two, and until giving up."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=2)
    gives_up_after: timedelta = timedelta(days=1)


async def settle(taken: dict[str, Any], answer: Answer, patience: Patience) -> None:
    """Store the result of an attempt. After the lease has expired it changes nothing."""
    webhook = (taken["organization_id"], taken["webhook_id"])
    delivery = (taken["organization_id"], taken["id"], taken["attempts"])
    async with database.transaction():
        await database.rows(LOCK_WEBHOOK, *webhook)
        for row in await store(SETTLE, delivery, answer, patience):
            if row["status"] != "PENDING" and not row["again"]:
                await database.rows(NEXT_TURN, *webhook, row["customer_id"])


async def store(
    sql: str, attempt: tuple[UUID, UUID, int], answer: Answer, patience: Patience
) -> list[dict[str, Any]]:
    """Run what `settle_sql` returned; `attempt` is of which organization and delivery, and which.

    Returns no row if another worker has the delivery since.
    """
    waits = (patience.first, patience.longest, patience.gives_up_after, answer.wait)
    return await database.rows(sql, *attempt, answer.status, answer.problem_json, *waits)
