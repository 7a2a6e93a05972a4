"""Changing what is known of a customer."""

import json
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.fields import COLUMNS, Fields, check_fields, plain
from models.customers.name_order import name_columns
from models.duplicates.exact import duplicates_of
from models.duplicates.keys import keys_of
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.holdings import read_holdings
from models.refusals import DuplicateFound, Forbidden, NotFound, NotHolder
from models.tables import CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer, find_one

ATTEMPTS = 10

UPDATE = f"""
WITH updated AS (
  -- 1. updated: all fields and their keys
  UPDATE customer c SET name = $3, level = $4, person = $5, phone = $6, email = $7,
    registration_number = $8, name_key = $9, phone_key = $10, email_key = $11,
    registration_key = $12, sort_name = $15, masked_name = $16
  WHERE c.organization_id = $1 AND c.id = $2 RETURNING c.*
), logged AS (
  -- 2. logged: the fields that changed
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    details)
  SELECT organization_id, id, epoch, 'UPDATED', $13, owner_id, pool_id, $14::jsonb FROM updated
)
SELECT {CUSTOMER_COLUMNS} FROM updated c
"""


async def update_customer(viewer: Viewer, customer_id: UUID | None, fields: Fields) -> Customer:
    """Change what is known; for its owner and the administrators of its pool.

    Raises DuplicateFound if another customer has one of its new keys.
    """
    changed = {name: plain(value) for name, value in fields.items()}
    for _ in database.attempts(ATTEMPTS, f"a duplicate of customer {customer_id}"):
        try:
            customer = await database.with_retries(lambda: _update(viewer, customer_id, changed))
            break
        except IntegrityError:
            # Nothing to refuse if the other customer has given up the key since: try again.
            await _refuse_duplicate(viewer, customer_id, changed)
    return customer


async def _update(viewer: Viewer, customer_id: UUID | None, changed: Fields) -> Customer:
    async with database.transaction():
        customer = await _read_locked(viewer, customer_id)
        _refuse_unless_allowed(viewer, customer)
        known = _known(customer, changed)
        check_fields(known)
        updated = await _write(viewer, customer, known, changed)
        if updated.owner_id and updated.level != customer.level:
            return await _reschedule(viewer, updated)
        return updated


async def _read_locked(viewer: Viewer, customer_id: UUID | None) -> Customer:
    """Lock the row so that unchanged fields are current."""
    customer = await viewer.of(Customer).filter(id=customer_id).select_for_update().first()
    if customer is None:
        raise NotFound
    return customer


def _refuse_unless_allowed(viewer: Viewer, customer: Customer) -> None:
    if not viewer.sees(customer):
        raise NotFound
    if customer.owner_id == viewer.id or viewer.administers(customer.pool_id):
        return
    if customer.owner_id:
        raise NotHolder
    raise Forbidden("Only administrators of its pool may change a customer that nobody holds.")


def _known(customer: Customer, changed: Fields) -> dict[str, str | None]:
    return {name: getattr(customer, column) for name, column in COLUMNS.items()} | dict(changed)


async def _write(
    viewer: Viewer, customer: Customer, known: dict[str, str | None], changed: Fields
) -> Customer:
    (updated,) = await database.models(
        Customer,
        UPDATE,
        viewer.organization.id,
        customer.id,
        *(known[name] for name in COLUMNS),
        *keys_of(known).values(),
        viewer.id,
        json.dumps({"changed": changed}, ensure_ascii=False),
        *name_columns(known["name"] or "").values(),
    )
    return updated


async def _reschedule(viewer: Viewer, customer: Customer) -> Customer:
    """Another level has other deadlines."""
    (holding,) = await read_holdings(viewer.organization.id, [customer.id])
    by_another = customer.owner_id != viewer.id
    change = Change(holding, holding.facts, holding.calendar, by_another=by_another)
    customers = await rewrite_holdings([change])
    await alarms.arm(came_nearer([change], customers), holding.now)
    return customers[0]


async def _refuse_duplicate(viewer: Viewer, customer_id: UUID | None, changed: Fields) -> None:
    known = _known(await find_one(viewer, Customer, customer_id), changed)
    if found := await duplicates_of(viewer, keys_of(known), besides=customer_id):
        raise DuplicateFound(tuple(found)) from None
