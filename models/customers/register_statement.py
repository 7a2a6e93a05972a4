"""The statement that registers a new customer, and what it needs to know of the pool."""

import json
from dataclasses import dataclass
from typing import Any

from models import database
from models.customers.fields import COLUMNS
from models.customers.room import Room
from models.duplicates.exact import stored_keys
from models.duplicates.keys import Key, former_columns
from models.lists.name_order import name_columns
from models.rules.deadlines import Facts
from models.rules.schedule import schedule
from models.tables import CUSTOMER_COLUMNS, Customer
from models.taking.capacity import COUNTED, ensure_seats
from models.telemetry import tracing
from models.viewers import Viewer

Known = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """All its fields by their names in the API, and its keys; `taken` are those of others too."""

    known: Known
    keys: tuple[Key, ...]
    taken: frozenset[Key]


# The seat is locked first. A key that another customer took since it was found free, committed or
# not yet, violates customer_key_blocks.
REGISTER = f"""
WITH wanted AS MATERIALIZED (
  -- 1. wanted: the new customer and its owner
  SELECT * FROM jsonb_to_record($1::jsonb) AS w(
    pool_id uuid, member_id uuid, rules_version integer, capacity integer,
    won_counts boolean, at timestamptz, release_at timestamptz, release_reason text,
    remind_at timestamptz[], remind_offsets text[], name text, level text, person text,
    phone text, email text, registration_number text, name_key text, phone_key text,
    email_key text, registration_key text, keys jsonb, level_by_owner boolean,
    sort_name text, masked_name text, details jsonb)
), ruled AS MATERIALIZED (
  -- 2. ruled: the same, if the pool's rules are those that were read
  SELECT p.organization_id, w.* FROM wanted w JOIN pool p ON p.organization_id = $2
    AND p.id = w.pool_id AND p.rules_version = w.rules_version
), seats AS MATERIALIZED (
  -- 3. seats: the owner's, locked
  SELECT s.* FROM seat s JOIN ruled r ON s.organization_id = $2
    AND r.pool_id = s.pool_id AND r.member_id = s.member_id
  FOR UPDATE OF s
), fits AS MATERIALIZED (
  -- 4. fits: the customer, if the seat has room for it
  SELECT r.* FROM ruled r, seats s WHERE r.capacity IS NULL OR {COUNTED} < r.capacity
), registered AS (
  -- 5. registered: the customer, held by its owner
  INSERT INTO customer AS c (organization_id, pool_id, name, level, person, phone, email,
    registration_number, name_key, phone_key, email_key, registration_key, keyed_at, created_at,
    entered_at, opened_at, owner_id, epoch, claimed_at, rules_version, release_at, release_reason,
    remind_at, remind_offsets, level_by_owner, sort_name, masked_name)
  SELECT organization_id, pool_id, name, level, person, phone, email, registration_number,
    name_key, phone_key, email_key, registration_key, at, at, at, NULL, member_id, 1, at,
    rules_version, release_at, release_reason, remind_at, remind_offsets, level_by_owner,
    sort_name, masked_name
  FROM fits RETURNING c.*
), keyed AS (
  -- 6. keyed: whoever has one of its keys is a duplicate from now on
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks, since)
  SELECT r.organization_id, r.id, k.kind, k.key, k.blocks, w.at FROM registered r, wanted w,
    jsonb_to_recordset(w.keys) AS k(kind text, key text, blocks boolean)
  ORDER BY k.kind, k.key
), seated AS (
  -- 7. seated: the seat counts it
  UPDATE seat s SET held = s.held + 1 FROM registered r
  WHERE s.organization_id = $2 AND s.pool_id = r.pool_id AND s.member_id = r.owner_id
), logged AS (
  -- 8. logged: created, then claimed
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    due_at, at, details)
  SELECT organization_id, id, t.epoch, t.action, owner_id,
    CASE WHEN t.epoch = 1 THEN owner_id END, pool_id,
    CASE WHEN t.epoch = 1 THEN release_at END, claimed_at,
    (SELECT details FROM wanted)
  FROM registered, (VALUES (0, 'CREATED'), (1, 'CLAIMED')) AS t(epoch, action) ORDER BY t.epoch
)
SELECT {CUSTOMER_COLUMNS} FROM registered c
"""


async def write_registration(viewer: Viewer, room: Room, new: NewCustomer) -> list[Customer]:
    """Return the customer; empty if new rules came first or the seat is full.

    Raises IntegrityError if another customer has taken one of its keys since.
    """
    if not room.seated:
        await ensure_seats(viewer.organization.id, [room.pool_id], viewer.id)
    wanted = json.dumps(_wanted(viewer, room, new), ensure_ascii=False)
    return await database.models(Customer, REGISTER, wanted, viewer.organization.id)


def _wanted(viewer: Viewer, room: Room, new: NewCustomer) -> dict[str, Any]:
    level = new.known["level"]
    by_owner = level is not None and not viewer.administers(room.pool_id)
    absences = viewer.member.absences
    facts = Facts(claimed_at=room.now, level=level, level_by_owner=by_owner, absences=absences)
    columns = {column: new.known[name] for name, column in COLUMNS.items()}
    ownership = {
        "pool_id": str(room.pool_id),
        "member_id": str(viewer.id),
        "rules_version": room.rules_version,
        "capacity": room.capacity,
        "won_counts": room.rules.won_count,
        "level_by_owner": by_owner,
        "at": room.now.isoformat(),
        "details": {"registered": True} | tracing.details(),
    }
    times = schedule(room.rules, facts, room.calendar, room.now)
    keys = {"keys": stored_keys(viewer, new.keys, new.taken)} | former_columns(new.keys)
    names = name_columns(new.known["name"] or "")
    return times.to_json() | columns | keys | names | ownership
