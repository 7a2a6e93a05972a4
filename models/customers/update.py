"""What is known of a customer, changed; and customers moved from pool to pool."""

import json
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.fields import COLUMNS, Fields, check_fields, plain
from models.duplicates.exact import duplicates_of
from models.duplicates.keys import keys_of
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.holdings import read_holdings
from models.refusals import DuplicateFound, Forbidden, NotFound, NotHolder
from models.tables import CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer

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


async def update_customer(viewer: Viewer, customer_id: UUID | None, fields: Fields) -> Customer:
    """Change what is known; for its owner and the administrators of its pool."""
    changed = {name: plain(value) for name, value in fields.items()}
    keys: dict[str, str | None] = {}

    async def act() -> Customer:
        async with database.transaction():
            customer = await _locked(viewer, customer_id)
            _check_may_update(viewer, customer)
            known = {name: getattr(customer, column) for name, column in COLUMNS.items()} | changed
            check_fields(known)
            keys.update(keys_of(known))
            return await _update(viewer, customer, known, keys, changed)

    for _ in range(ATTEMPTS):
        try:
            return await database.with_retries(act)
        except IntegrityError:
            # Whoever had the key may have let go of it since: then it is free.
            if found := await duplicates_of(viewer, keys, besides=customer_id):
                raise DuplicateFound(tuple(found)) from None
    raise RuntimeError(f"a change of customer {customer_id} found no end in {ATTEMPTS} attempts")


async def _locked(viewer: Viewer, customer_id: UUID | None) -> Customer:
    """As it stays until the end: what this change leaves alone, another may have just changed."""
    for row in await database.rows(LOCKED, viewer.organization.id, customer_id):
        return database.as_model(Customer, row)
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
    updated = database.as_model(Customer, rows[0])
    if updated.owner_id and updated.level != customer.level:
        return await _reset(viewer, updated)
    return updated


async def _reset(viewer: Viewer, customer: Customer) -> Customer:
    """Another level has other deadlines."""
    holding = (await read_holdings(viewer.organization.id, [customer.id]))[0]
    by_another = customer.owner_id != viewer.id
    change = Change(holding, holding.facts, holding.calendar, by_another=by_another)
    customers = await rewrite_holdings([change])
    await alarms.arm(came_nearer([change], customers), holding.now)
    return customers[0]
