"""A new customer reported by whoever found it: straight into their private pool."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import database
from models.customers.fields import COLUMNS, Fields, check_fields, plain
from models.duplicates.exact import duplicate, duplicates_of, same
from models.duplicates.keys import keys_of
from models.duplicates.similar import alike
from models.holding import alarms
from models.ledger.idempotency import idempotent
from models.ledger.outcomes import Claimed, Outcome
from models.ownership.capacity import ensure_seat
from models.refusals import CapacityReached, Duplicate, DuplicateFound
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.holidays import stored_calendar
from models.rules.rules import Rules, parsed_rules
from models.rules.schedule import schedule
from models.tables import CUSTOMER_COLUMNS, ORGANIZATION_COLUMNS, Customer
from models.viewers import Viewer, seen_pool

ATTEMPTS = 10

ROOM = f"""
SELECT p.rules, p.rules_version, {ORGANIZATION_COLUMNS}, clock_timestamp() AS now, s.held, s.won
FROM pool p JOIN organization o ON o.id = p.organization_id
LEFT JOIN seat s ON s.pool_id = p.id AND s.member_id = $3
WHERE p.organization_id = $1 AND p.id = $2
"""

# The seat is locked first; a key that another one has just taken, or takes at this moment, leaves
# no row: then nothing is counted and nothing is told.
REGISTER = f"""
WITH wanted AS MATERIALIZED (
  SELECT * FROM jsonb_to_record($1::jsonb) AS w(
    organization_id uuid, pool_id uuid, member_id uuid, rules_version integer, capacity integer,
    won_counts boolean, at timestamptz, release_at timestamptz, release_reason text,
    remind_at timestamptz[], remind_offsets text[], name text, level text, person text,
    phone text, email text, registration_number text, name_key text, phone_key text,
    email_key text, registration_key text)
), ruled AS MATERIALIZED (
  SELECT w.* FROM wanted w JOIN pool p ON p.id = w.pool_id AND p.rules_version = w.rules_version
), seats AS MATERIALIZED (
  SELECT s.* FROM seat s JOIN ruled r ON r.pool_id = s.pool_id AND r.member_id = s.member_id
  FOR UPDATE OF s
), fits AS MATERIALIZED (
  SELECT r.* FROM ruled r, seats s
  WHERE r.capacity IS NULL
    OR s.held - CASE WHEN r.won_counts THEN 0 ELSE s.won END < r.capacity
), registered AS (
  INSERT INTO customer AS c (organization_id, pool_id, name, level, person, phone, email,
    registration_number, name_key, phone_key, email_key, registration_key, created_at, entered_at,
    opened_at, owner_id, epoch, claimed_at, rules_version, release_at, release_reason, remind_at,
    remind_offsets)
  SELECT organization_id, pool_id, name, level, person, phone, email, registration_number,
    name_key, phone_key, email_key, registration_key, at, at, NULL, member_id, 1, at,
    rules_version, release_at, release_reason, remind_at, remind_offsets
  FROM fits ON CONFLICT DO NOTHING RETURNING c.*
), seated AS (
  UPDATE seat s SET held = s.held + 1 FROM registered r
  WHERE s.pool_id = r.pool_id AND s.member_id = r.owner_id
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    due_at, at, details)
  SELECT organization_id, id, t.epoch, t.action, owner_id,
    CASE WHEN t.epoch = 1 THEN owner_id END, pool_id,
    CASE WHEN t.epoch = 1 THEN release_at END, claimed_at, '{{"registered": true}}'
  FROM registered, (VALUES (0, 'CREATED'), (1, 'CLAIMED')) AS t(epoch, action) ORDER BY t.epoch
)
SELECT {CUSTOMER_COLUMNS} FROM registered c
"""


@dataclass(frozen=True, slots=True)
class Room:
    """The pool's rules, and the member's place under them, at `now`."""

    rules: Rules
    rules_version: int
    calendar: Calendar
    now: datetime
    seated: bool
    counted: int


async def register(
    viewer: Viewer, pool_id: UUID | None, fields: Fields, key: str | None
) -> Outcome:
    """Capacity holds; the daily limit does not, as nothing is taken out of the pool."""
    request = ["register", str(pool_id), dict(fields)]

    async def act() -> list[Outcome]:
        pool = await seen_pool(viewer, pool_id)
        known = {name: plain(fields.get(name)) for name in COLUMNS}
        check_fields(known)
        return [Claimed(await _register(viewer, pool.id, known))]

    return (
        await idempotent(viewer, key, request, act if key else lambda: database.with_retries(act))
    )[0]


async def find_duplicates(viewer: Viewer, fields: Fields) -> list[Duplicate]:
    """Those that a registration would meet, then those whose names are merely alike."""
    known = {name: plain(fields.get(name)) for name in COLUMNS}
    check_fields(known)
    rows = await same(viewer, keys_of(known))
    names = await alike(viewer.organization.id, known["name"] or "", [row["id"] for row in rows])
    return [duplicate(viewer, row, keys_of(known)) for row in [*rows, *names]]


async def _register(viewer: Viewer, pool_id: UUID, known: Mapping[str, str | None]) -> Customer:
    keys = keys_of(known)
    for _ in range(ATTEMPTS):
        if found := await duplicates_of(viewer, keys):
            raise DuplicateFound(tuple(found))
        room = await _room(viewer, pool_id)
        capacity = room.rules.capacity_for(viewer.id, viewer.member.department_id)
        if capacity is not None and room.counted >= capacity:
            raise CapacityReached(room.counted, capacity)
        if not room.seated:
            await ensure_seat(viewer.organization.id, [pool_id], viewer.id)
        wanted = _wanted(viewer, pool_id, room, capacity, known, keys)
        for row in await database.rows(REGISTER, json.dumps(wanted, ensure_ascii=False)):
            customer = database.as_model(Customer, row)
            await alarms.arm([customer], room.now)
            return customer
        database.restart_transaction()
    raise RuntimeError(f"a registration found no end in {ATTEMPTS} attempts")


async def _room(viewer: Viewer, pool_id: UUID) -> Room:
    row = (await database.rows(ROOM, viewer.organization.id, pool_id, viewer.id))[0]
    rules = parsed_rules(row["rules"])
    return Room(
        rules=rules,
        rules_version=row["rules_version"],
        calendar=stored_calendar(row["time_zone"], row["calendar_overrides"]),
        now=row["now"],
        seated=row["held"] is not None,
        counted=(row["held"] or 0) - (0 if rules.won_count else row["won"] or 0),
    )


def _wanted(
    viewer: Viewer,
    pool_id: UUID,
    room: Room,
    capacity: int | None,
    known: Mapping[str, str | None],
    keys: Mapping[str, str | None],
) -> dict[str, Any]:
    facts = Facts(claimed_at=room.now, level=known["level"])
    clock = schedule(room.rules, facts, room.calendar, room.now)
    columns = {column: known[name] for name, column in COLUMNS.items()}
    return (
        clock.to_json()
        | columns
        | dict(keys)
        | {
            "organization_id": str(viewer.organization.id),
            "pool_id": str(pool_id),
            "member_id": str(viewer.id),
            "rules_version": room.rules_version,
            "capacity": capacity,
            "won_counts": room.rules.won_count,
            "at": room.now.isoformat(),
        }
    )
