"""What is known of a customer, changed; and customers moved from pool to pool."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import alarms, database, holds
from models.duplicates import email_key, normalise_name, phone_key, registration_key
from models.holds import Change
from models.imports import problem_of
from models.known import duplicates_of
from models.refusals import (
    AlreadyHeld,
    DuplicateFound,
    Forbidden,
    InvalidInput,
    NotFound,
    NotHolder,
    Problem,
)
from models.tables import CUSTOMER_COLUMNS, Customer
from models.texts import Text
from models.viewers import Viewer, administered_pool

# By the names of CustomerInput; what is absent stays as it is, null clears it.
Fields = Mapping[str, str | None]
COLUMNS = {
    "name": "name",
    "level": "level",
    "person": "person",
    "phone": "phone",
    "email": "email",
    "registrationNumber": "registration_number",
}
MOST_MOVED = 1000
ATTEMPTS = 10

LOCKED = f"""
SELECT {CUSTOMER_COLUMNS} FROM customer c WHERE c.organization_id = $1 AND c.id = $2 FOR UPDATE
"""
UPDATE = f"""
WITH updated AS (
  UPDATE customer c SET name = $3, level = $4, person = $5, phone = $6, email = $7,
    registration_number = $8, name_key = $9, phone_key = $10, email_key = $11,
    registration_key = $12
  WHERE c.organization_id = $1 AND c.id = $2 RETURNING c.*
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    details)
  SELECT organization_id, id, epoch, 'UPDATED', $13, owner_id, pool_id, $14::jsonb FROM updated
)
SELECT {CUSTOMER_COLUMNS} FROM updated c
"""
TO_MOVE = """
SELECT c.id, c.pool_id, c.owner_id FROM customer c
WHERE c.organization_id = $1 AND c.id = ANY($2) ORDER BY c.id FOR UPDATE
"""
MOVE = """
WITH moved AS (
  UPDATE customer c SET pool_id = $3, opened_at = now(), entered_at = now()
  WHERE c.organization_id = $1 AND c.id = ANY($2) AND c.pool_id <> $3 RETURNING c.*
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, pool_id)
  SELECT organization_id, id, epoch, 'MOVED', $4, pool_id FROM moved
)
SELECT id FROM moved
"""


async def update(viewer: Viewer, customer_id: UUID | None, fields: Fields) -> Customer:
    """Change what is known; for its owner and the administrators of its pool."""
    changed = {name: plain(value) for name, value in fields.items()}
    keys: dict[str, str | None] = {}

    async def act() -> Customer:
        async with database.transaction():
            customer = await _locked(viewer, customer_id)
            _check_may_update(viewer, customer)
            known = {name: getattr(customer, column) for name, column in COLUMNS.items()} | changed
            check_known(known)
            keys.update(keys_of(known))
            return await _update(viewer, customer, known, keys, changed)

    for _ in range(ATTEMPTS):
        try:
            return await database.again(act)
        except IntegrityError:
            # Whoever had the key may have let go of it since: then it is free.
            if found := await duplicates_of(viewer, keys, besides=customer_id):
                raise DuplicateFound(tuple(found)) from None
    raise RuntimeError(f"a change of customer {customer_id} found no end in {ATTEMPTS} attempts")


async def move(viewer: Viewer, ids: Sequence[UUID | None], pool_id: UUID | None) -> int:
    """Into another pool: pooled ones only; all of them or none."""
    target = await administered_pool(viewer, pool_id)
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST_MOVED:
        raise InvalidInput(
            (Problem("customerIds", Text("at most {most} customers at once", most=MOST_MOVED)),)
        )
    async with database.transaction():
        rows = await database.rows(TO_MOVE, viewer.organization.id, [id for id in wanted if id])
        if len(rows) < len(wanted) or not all(viewer.sees_pool(row["pool_id"]) for row in rows):
            raise NotFound
        if not all(viewer.administers(row["pool_id"]) for row in rows):
            raise Forbidden("Only administrators of both pools may move customers.")
        if any(row["owner_id"] for row in rows):
            raise AlreadyHeld
        ids = [row["id"] for row in rows]
        moved = await database.rows(MOVE, viewer.organization.id, ids, target.id, viewer.id)
        await alarms.ring()
    return len(moved)


def keys_of(known: Mapping[str, str | None]) -> dict[str, str | None]:
    """By which another customer is found to be the same, under their columns' names."""
    phone, email, number = (known.get(each) for each in ("phone", "email", "registrationNumber"))
    return {
        "name_key": normalise_name(known["name"] or ""),
        "phone_key": phone_key(phone) if phone else None,
        "email_key": email_key(email) if email else None,
        "registration_key": registration_key(number) if number else None,
    }


def plain(value: str | None) -> str | None:
    return (value.strip() or None) if value else None


def check_known(known: Mapping[str, str | None]) -> None:
    """Raises InvalidInput that names each wrong field."""
    problems = [
        Problem(f"customer.{name}", problem)
        for name, value in known.items()
        if (problem := problem_of(name, value))
    ]
    if problems:
        raise InvalidInput(tuple(problems))


async def _locked(viewer: Viewer, customer_id: UUID | None) -> Customer:
    """As it stays until the end: what this change leaves alone, another may have just changed."""
    for row in await database.rows(LOCKED, viewer.organization.id, customer_id):
        return Customer._init_from_db(**row)
    raise NotFound


def _check_may_update(viewer: Viewer, customer: Customer) -> None:
    if not viewer.sees(customer):
        raise NotFound
    if customer.owner_id == viewer.id or viewer.administers(customer.pool_id):
        return
    if customer.owner_id:
        raise NotHolder
    raise Forbidden("Only administrators of its pool may change a customer that nobody holds.")


async def _update(
    viewer: Viewer,
    customer: Customer,
    known: dict[str, str | None],
    keys: dict[str, str | None],
    changed: dict[str, str | None],
) -> Customer:
    rows = await database.rows(
        UPDATE,
        viewer.organization.id,
        customer.id,
        *(known[name] for name in COLUMNS),
        *keys.values(),
        viewer.id,
        json.dumps({"changed": changed}, ensure_ascii=False),
    )
    updated = Customer._init_from_db(**rows[0])
    if updated.owner_id and updated.level != customer.level:
        return await _reset(viewer, updated)
    return updated


async def _reset(viewer: Viewer, customer: Customer) -> Customer:
    """Another level has other deadlines."""
    holding = (await holds.read(viewer.organization.id, [customer.id]))[0]
    by_another = customer.owner_id != viewer.id
    change = Change(holding, holding.facts, holding.calendar, by_another=by_another)
    customers = await holds.rewrite([change])
    await alarms.arm(holds.came_nearer([change], customers), holding.now)
    return customers[0]
