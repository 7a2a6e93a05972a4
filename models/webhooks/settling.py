"""The result of an attempt: the delivery has arrived, is tried again later, or is given up."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from models import database
from models.texts import text as texts
from models.texts.text import Text

LOCK_WEBHOOK = "SELECT FROM webhook WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE"
# Each wait is as long as all those before it together.
SETTLE = """
-- 1. The delivery, if the attempt still has its lease.
WITH tried AS MATERIALIZED (
  SELECT organization_id, id, began_at + $8::interval AS last_at, CASE
    WHEN $5::jsonb IS NULL THEN 'DELIVERED'
    WHEN now() >= began_at + $8::interval THEN 'FAILED' ELSE 'PENDING' END AS status
  FROM webhook_delivery
  WHERE organization_id = $1 AND id = $2 AND attempts = $3 AND status = 'PENDING' FOR UPDATE
)
-- 2. Its result; a pending one gets its next attempt.
UPDATE webhook_delivery d SET status = t.status, response_status = $4, problem = $5,
  ended_at = CASE WHEN t.status <> 'PENDING' THEN now() END,
  next_at = CASE WHEN t.status = 'PENDING' THEN least(t.last_at,
    now() + least(greatest(now() - began_at, $6::interval), $7::interval)) END
FROM tried t WHERE d.organization_id = $1 AND d.id = t.id
RETURNING d.status, d.again, d.customer_id
"""
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


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of an attempt: its HTTP status if there is one, and the problem if it failed."""

    status: int | None
    problem: Text | None

    @property
    def problem_json(self) -> str | None:
        stored = self.problem and texts.to_json(self.problem)
        return json.dumps(stored, ensure_ascii=False) if stored else None


async def settle(taken: dict[str, Any], answer: Answer, patience: Patience) -> None:
    """Store the result of an attempt. After the lease has expired it changes nothing."""
    webhook = (taken["organization_id"], taken["webhook_id"])
    delivery = (taken["organization_id"], taken["id"], taken["attempts"])
    waits = (patience.first, patience.longest, patience.gives_up_after)
    async with database.transaction():
        await database.rows(LOCK_WEBHOOK, *webhook)
        for row in await database.rows(
            SETTLE, *delivery, answer.status, answer.problem_json, *waits
        ):
            if row["status"] != "PENDING" and not row["again"]:
                await database.rows(NEXT_TURN, *webhook, row["customer_id"])
