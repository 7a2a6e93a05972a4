"""A held customer handed to another member; the receiver's clock starts anew."""

import json
from typing import Any
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.holdings import Holding, read_holdings
from models.ledger.idempotency import idempotent
from models.ledger.outcomes import Claimed, Outcome
from models.ownership.capacity import ensure_seat
from models.ownership.claims import receiving
from models.refusals import AlreadyHeld, CapacityReached, Forbidden, NotFound
from models.rules.deadlines import Facts
from models.rules.schedule import schedule
from models.tables import CUSTOMER_COLUMNS, Customer, Member
from models.viewers import Viewer

ATTEMPTS = 10

# A signed customer stays signed: the deal goes with it to the receiver's seat.
TRANSFER = f"""
WITH wanted AS MATERIALIZED (
  SELECT * FROM jsonb_to_record($1::jsonb) AS w(
    customer_id uuid, revision text, member_id uuid, rules_version integer, capacity integer,
    won_counts boolean, at timestamptz, release_at timestamptz, release_reason text,
    remind_at timestamptz[], remind_offsets text[], actor_id uuid)
), picked AS MATERIALIZED (
  SELECT c.id, c.pool_id, c.owner_id, c.won_at FROM customer c
  JOIN wanted w ON w.customer_id = c.id
  WHERE c.owner_id IS NOT NULL AND c.xmin::text = w.revision FOR UPDATE OF c
), seats AS MATERIALIZED (
  SELECT s.id, s.member_id, s.held, s.won FROM seat s JOIN picked p ON p.pool_id = s.pool_id
  JOIN wanted w ON s.member_id IN (p.owner_id, w.member_id)
  ORDER BY s.id FOR UPDATE OF s
), fits AS MATERIALIZED (
  SELECT p.*, w.*, (p.won_at IS NOT NULL)::integer AS won
  FROM picked p, wanted w JOIN seats s ON s.member_id = w.member_id
  WHERE w.capacity IS NULL OR (p.won_at IS NOT NULL AND NOT w.won_counts)
    OR s.held - CASE WHEN w.won_counts THEN 0 ELSE s.won END < w.capacity
), seated AS (
  UPDATE seat s SET
    held = s.held + CASE WHEN s.member_id = f.member_id THEN 1 ELSE -1 END,
    won = s.won + CASE WHEN s.member_id = f.member_id THEN f.won ELSE -f.won END
  FROM fits f JOIN seats ON true WHERE s.id = seats.id
), moved AS (
  UPDATE customer c SET owner_id = f.member_id, epoch = c.epoch + 1, claimed_at = f.at,
    followed_up_at = NULL, locked_at = NULL, extended_to = NULL,
    rules_version = f.rules_version, release_at = f.release_at,
    release_reason = f.release_reason, remind_at = f.remind_at,
    remind_offsets = f.remind_offsets,
    unannounced_rules_version = NULL, announced_release_at = NULL
  FROM fits f WHERE c.id = f.customer_id
  RETURNING c.*, f.owner_id AS former_id, f.actor_id
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, former_id,
    release_reason, pool_id, due_at, at)
  SELECT organization_id, id, epoch, 'TRANSFERRED', actor_id, owner_id, former_id,
    'TRANSFERRED', pool_id, release_at, claimed_at FROM moved
)
SELECT {CUSTOMER_COLUMNS} FROM moved c
"""
RECEIVER = """
SELECT s.held - CASE WHEN $3 THEN 0 ELSE s.won END AS counted
FROM seat s WHERE s.pool_id = $1 AND s.member_id = $2
"""


async def transfer(
    viewer: Viewer, customer_id: UUID | None, member_id: UUID | None, key: str | None
) -> Outcome:
    """Hand a held customer on; for administrators of its pool."""
    request = ["transfer", str(customer_id), str(member_id)]

    async def act() -> list[Outcome]:
        for _ in range(ATTEMPTS):
            holding = await _held(viewer, customer_id)
            receiver = await receiving(viewer, member_id)
            if receiver.id == holding.customer.owner_id:
                raise AlreadyHeld
            await ensure_seat(viewer.organization.id, [holding.customer.pool_id], receiver.id)
            for row in await database.rows(TRANSFER, _wanted(viewer, holding, receiver)):
                customer = database.as_model(Customer, row)
                await alarms.arm([customer], holding.now)
                return [Claimed(customer)]
            await _refuse_if_full(holding, receiver)
            database.restart_transaction()
        raise RuntimeError(f"customer {customer_id} changed {ATTEMPTS} times under a transfer")

    return (await idempotent(viewer, key, request, act))[0]


async def _held(viewer: Viewer, customer_id: UUID | None) -> Holding:
    ids = [customer_id] if customer_id else []
    for holding in await read_holdings(viewer.organization.id, ids):
        if not viewer.sees(holding.customer):
            break
        if not viewer.administers(holding.customer.pool_id):
            raise Forbidden("Only administrators of its pool may transfer a customer.")
        if holding.customer.owner_id is None:
            raise Forbidden("Nobody holds this customer: assign it instead.")
        return holding
    raise NotFound


def _wanted(viewer: Viewer, holding: Holding, receiver: Member) -> str:
    customer, rules = holding.customer, holding.rules
    facts = Facts(claimed_at=holding.now, won_at=customer.won_at, level=customer.level)
    clock = schedule(rules, facts, holding.calendar, holding.now, by_another=True)
    wanted: dict[str, Any] = clock.to_json() | {
        "customer_id": str(customer.id),
        "revision": holding.revision,
        "member_id": str(receiver.id),
        "rules_version": holding.version,
        "capacity": rules.capacity_for(receiver.id, receiver.department_id),
        "won_counts": rules.won_count,
        "at": holding.now.isoformat(),
        "actor_id": str(viewer.id),
    }
    return json.dumps(wanted)


async def _refuse_if_full(holding: Holding, receiver: Member) -> None:
    rules, pool_id = holding.rules, holding.customer.pool_id
    capacity = rules.capacity_for(receiver.id, receiver.department_id)
    rows = await database.rows(RECEIVER, pool_id, receiver.id, rules.won_count)
    if capacity is not None and rows[0]["counted"] >= capacity:
        raise CapacityReached(rows[0]["counted"], capacity)
