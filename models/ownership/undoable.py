"""Releases by rule that may be undone, and the way back for those that went into another pool."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from models import database
from models.ledger.actions import in_sql
from models.rules.deadlines import BY_RULE
from models.tables import Customer, Member
from models.taking.candidates import Candidate
from models.taking.schedules import release_of
from models.taking.take_statement import ClaimRow, claim_row
from models.viewers import Viewer

REASON = "A release by rule was taken back."
Row = dict[str, Any]
# The rules may have sent it into another pool.
LEFT = "coalesce((e.details ->> 'from_pool')::uuid, e.pool_id)"


def released_sql(which: str) -> str:
    """Return the statement for the releases by rule of the last 24 hours that `which` selects.

    `back`: the customer still lies as that release left it. `claimed`: somebody else had it since.
    `left_pool`: the pool that it was released from.
    """
    return f"""
SELECT e.id, e.customer_id, e.former_id, e.epoch, e.pool_id, m.active,
  (e.details ->> 'won_at')::timestamptz AS won_at,
  {LEFT} AS left_pool,
  c.merged_into IS NULL AND c.erased_at IS NULL AND c.owner_id IS NULL AND c.epoch = e.epoch + 1
    AND c.pool_id IN (e.pool_id, {LEFT}) AS back,
  c.erased_at IS NULL AND c.epoch > e.epoch + 1
    AND c.owner_id IS DISTINCT FROM e.former_id AS claimed
FROM event e
JOIN customer c ON c.organization_id = e.organization_id AND c.id = e.customer_id
JOIN member m ON m.organization_id = e.organization_id AND m.id = e.former_id
WHERE e.organization_id = $1 AND e.action = 'RELEASED'
  AND e.release_reason IN {in_sql(BY_RULE)}
  AND e.at > now() - interval '24 hours' AND {which}
ORDER BY e.seq
"""


OF_CUSTOMER = released_sql("e.customer_id = $2")
OF_VERSION = released_sql(
    """(NOT e.details ? 'from_pool' AND e.pool_id = $2
    OR e.details ? 'from_pool' AND e.details ->> 'from_pool' = $2::text)
  AND (e.details ->> 'rules_version')::integer = $3"""
)


MOVE_BACK = """
WITH lying AS MATERIALIZED (
  -- 1. lying: those that still lie where the release left them, locked in id order
  SELECT c.organization_id, c.id, w.pool_id
  FROM unnest($2::uuid[], $3::integer[], $4::uuid[]) AS w(customer_id, epoch, pool_id)
  JOIN customer c ON c.organization_id = $1 AND c.id = w.customer_id
  WHERE c.owner_id IS NULL AND c.epoch = w.epoch + 1 AND c.pool_id <> w.pool_id
  ORDER BY c.id FOR UPDATE OF c
), moved AS (
  -- 2. moved: they lie in the pool that they were held in
  UPDATE customer c SET pool_id = l.pool_id, opened_at = now() FROM lying l
  WHERE c.organization_id = $1 AND c.id = l.id AND c.id = ANY($2) RETURNING c.*
)
-- 3. One event for each.
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
SELECT organization_id, id, epoch, 'MOVED', $5, pool_id FROM moved
"""


async def move_back(viewer: Viewer, releases: Collection[Row]) -> None:
    """Move the customers of these releases into the pool that each was released from."""
    sunk = [row for row in releases if row["left_pool"] != row["pool_id"]]
    ids: list[UUID] = [row["customer_id"] for row in sunk]
    epochs, pools = [row["epoch"] for row in sunk], [row["left_pool"] for row in sunk]
    if sunk:
        await database.rows(MOVE_BACK, viewer.organization.id, ids, epochs, pools, viewer.id)


def lies_there(customer: Customer, release: Row) -> bool:
    found = (customer.owner_id, customer.epoch, customer.pool_id)
    return found == (None, release["epoch"] + 1, release["left_pool"])


def return_row(
    viewer: Viewer, candidate: Candidate, members: dict[UUID, Member], release: Row
) -> ClaimRow:
    owner = members[release["former_id"]]
    won_at = _signed_at(candidate, owner, release["won_at"])
    row = claim_row(viewer, candidate, owner, assigned=True, won_at=won_at)
    details = row["details"] | {"undoes": str(release["id"])}
    if row["won_at"]:
        details["won_at"] = row["won_at"]
    return row | {"capacity": None, "reason": REASON, "details": details}


def _signed_at(candidate: Candidate, owner: Member, won_at: datetime | None) -> datetime | None:
    """Return when it was signed; now if that contract is over, for it would be released again."""
    release_at = release_of(candidate, owner, won_at)
    return candidate.now if won_at and release_at and release_at <= candidate.now else won_at
