"""Handing a held customer to another member; the receiver's deadlines start now."""

import json
from functools import partial
from uuid import UUID

from models import database
from models.holding import alarms
from models.ledger.outcomes import Claimed, Outcome
from models.ownership.claims import find_receiver
from models.refusals import AlreadyHeld, CapacityReached, Forbidden, NotFound
from models.tables import CUSTOMER_COLUMNS, Customer, Member
from models.taking.candidates import Candidate, read_candidates
from models.taking.capacity import COUNTED, ensure_seats
from models.taking.take_statement import claim_row
from models.viewers import Viewer

# A signed customer stays signed, so a receiver has room for it where signed ones do not count.
TRANSFER = f"""
WITH wanted AS MATERIALIZED (
  -- 1. wanted: the customer and its receiver, by the rules and the revision that were read
  SELECT * FROM jsonb_to_record($1::jsonb) AS w(
    organization_id uuid, customer_id uuid, revision text, member_id uuid, rules_version integer,
    capacity integer, won_counts boolean, at timestamptz, release_at timestamptz,
    release_reason text, remind_at timestamptz[], remind_offsets text[], actor_id uuid)
), picked AS MATERIALIZED (
  -- 2. picked: the customer, locked, if it is held and unchanged
  SELECT c.id, c.pool_id, c.owner_id, c.won_at FROM customer c
  JOIN wanted w ON w.organization_id = c.organization_id AND w.customer_id = c.id
  WHERE c.owner_id IS NOT NULL AND c.xmin::text = w.revision FOR UPDATE OF c
), seats AS MATERIALIZED (
  -- 3. seats: the owner's and the receiver's, locked in id order
  SELECT s.organization_id, s.id, s.member_id, s.held, s.won FROM seat s
  JOIN wanted w ON w.organization_id = s.organization_id
  JOIN picked p ON p.pool_id = s.pool_id AND s.member_id IN (p.owner_id, w.member_id)
  ORDER BY s.id FOR UPDATE OF s
), fits AS MATERIALIZED (
  -- 4. fits: the customer, if the receiver's seat has room for it
  SELECT p.*, w.*, (p.won_at IS NOT NULL)::integer AS won
  FROM picked p, wanted w JOIN seats s ON s.member_id = w.member_id
  WHERE w.capacity IS NULL OR (p.won_at IS NOT NULL AND NOT w.won_counts)
    OR {COUNTED} < w.capacity
), seated AS (
  -- 5. seated: one more for the receiver, one less for the owner
  UPDATE seat s SET
    held = s.held + CASE WHEN s.member_id = f.member_id THEN 1 ELSE -1 END,
    won = s.won + CASE WHEN s.member_id = f.member_id THEN f.won ELSE -f.won END
  FROM fits f JOIN seats n ON n.organization_id = f.organization_id
  WHERE s.organization_id = n.organization_id AND s.id = n.id
), moved AS (
  -- 6. moved: the customer is the receiver's
  UPDATE customer c SET owner_id = f.member_id, epoch = c.epoch + 1, claimed_at = f.at,
    followed_up_at = NULL, locked_at = NULL, extended_to = NULL, deal_reported_at = NULL,
    rules_version = f.rules_version, release_at = f.release_at,
    release_reason = f.release_reason, remind_at = f.remind_at,
    remind_offsets = f.remind_offsets,
    unannounced_rules_version = NULL, announced_release_at = NULL
  FROM fits f WHERE c.organization_id = f.organization_id AND c.id = f.customer_id
  RETURNING c.*, f.owner_id AS former_id, f.actor_id
), logged AS (
  -- 7. logged: its event
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, former_id,
    release_reason, pool_id, due_at, at)
  SELECT organization_id, id, epoch, 'TRANSFERRED', actor_id, owner_id, former_id,
    'TRANSFERRED', pool_id, release_at, claimed_at FROM moved
)
SELECT {CUSTOMER_COLUMNS} FROM moved c
"""


async def transfer(viewer: Viewer, customer_id: UUID | None, member_id: UUID | None) -> Outcome:
    """Hand a held customer to another member.

    For administrators of its pool; for who leads its owner too, to their people or themselves.
    """
    async for _ in database.attempts(f"customer {customer_id}"):
        candidate = await _read_held(viewer, customer_id, member_id)
        receiver = await find_receiver(viewer, member_id)
        _refuse_receiver(candidate, receiver)
        customers = await _write(viewer, candidate, receiver)
        if customers:
            break
    await alarms.arm(customers, candidate.now)
    return Claimed(customers[0])


async def _read_held(viewer: Viewer, customer_id: UUID | None, member_id: UUID | None) -> Candidate:
    """Return the customer with the member's seat; raises NotFound or Forbidden."""
    wanted = {customer_id: member_id} if customer_id else {}
    for candidate in await read_candidates(viewer, wanted):
        if not viewer.sees(candidate.customer):
            break
        _refuse_actor(viewer, candidate.customer, member_id)
        if candidate.customer.owner_id is None:
            raise Forbidden("Nobody holds this customer: assign it instead.")
        return candidate
    raise NotFound


def _refuse_actor(viewer: Viewer, customer: Customer, member_id: UUID | None) -> None:
    if viewer.administers(customer.pool_id):
        return
    if not viewer.decides(customer):
        raise Forbidden("Only administrators of its pool may transfer a customer.")
    if not viewer.holds(member_id):
        raise Forbidden("You may transfer your people's customers to your people and yourself.")


def _refuse_receiver(candidate: Candidate, receiver: Member) -> None:
    customer, rules = candidate.customer, candidate.rules
    if customer.owner_id == receiver.id:
        raise AlreadyHeld
    capacity = rules.capacity_for(receiver.id, receiver.lineage)
    counts = rules.won_count or customer.won_at is None
    if counts and capacity is not None and candidate.held >= capacity:
        raise CapacityReached(candidate.held, capacity)


async def _write(viewer: Viewer, candidate: Candidate, receiver: Member) -> list[Customer]:
    """Return the customer with its new owner; empty if it changed or the seat is full now."""
    customer = candidate.customer
    if not candidate.seated:
        await ensure_seats(viewer.organization.id, [customer.pool_id], receiver.id)
    wanted = claim_row(viewer, candidate, receiver, assigned=True, won_at=customer.won_at)
    write = partial(database.models, Customer, TRANSFER, json.dumps(wanted))
    return await database.with_retries(write)
