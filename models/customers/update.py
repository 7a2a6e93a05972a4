"""Changing what is known of a customer."""

import json
from collections.abc import Sequence
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import database
from models.customers.fields import COLUMNS, Fields, check_fields, plain
from models.customers.levels import level_of, whose_level
from models.duplicates.exact import refuse, refusing, stored_keys, taken_keys
from models.duplicates.keys import KINDS, Key, duplicate_keys, former_columns
from models.duplicates.lookups import cost, counted
from models.duplicates.misses import missed
from models.holding import alarms
from models.holding.changes import Change, came_nearer, rewrite_holdings
from models.holding.holdings import read_holdings
from models.lists.name_order import name_columns
from models.refusals import Forbidden, NotFound, NotHolder
from models.tables import CUSTOMER_COLUMNS, Customer, CustomerKey
from models.viewers import Viewer, find_one

UPDATE = f"""
WITH updated AS (
  -- 1. updated: all fields and their keys, and whether the level still counts in full
  UPDATE customer c SET name = $3, level = $4, person = $5, phone = $6, email = $7,
    registration_number = $8, name_key = $9, phone_key = $10, email_key = $11,
    registration_key = $12, level_by_owner = $16, granted_level = $17,
    sort_name = $18, masked_name = $19, keyed_at = statement_timestamp()
  WHERE c.organization_id = $1 AND c.id = $2 RETURNING c.*
), keyed AS (
  -- 2. keyed: its new keys beside those that it ever had
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks)
  SELECT u.organization_id, u.id, k.kind, k.key, k.blocks
  FROM updated u, jsonb_to_recordset($15::jsonb) AS k(kind text, key text, blocks boolean)
  ON CONFLICT ON CONSTRAINT customer_key_once DO NOTHING
), logged AS (
  -- 3. logged: that fields changed
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id)
  SELECT organization_id, id, epoch, 'UPDATED', $13, owner_id, pool_id FROM updated
  RETURNING organization_id, id, customer_id
), texted AS (
  -- 4. texted: their new values
  INSERT INTO event_text (organization_id, id, customer_id, details)
  SELECT organization_id, id, customer_id, $14::jsonb FROM logged
)
SELECT {CUSTOMER_COLUMNS} FROM updated c
"""


async def update_customer(viewer: Viewer, customer_id: UUID | None, fields: Fields) -> Customer:
    """Change what is given; for its owner, who leads them, and the administrators of its pool.

    Raises InvalidInput, and DuplicateFound if another customer has or had one of its new keys.
    Either answer tells whether a key is a customer's, so a new key counts as a look-up: raises
    TooManyLookups.
    """
    changed = {name: plain(name, value) for name, value in fields.items()}
    fresh = await _new_keys(viewer, customer_id, changed)
    if not fresh:
        return await _update(viewer, customer_id, changed)
    async with counted(viewer, fresh):
        customer = await _update(viewer, customer_id, changed)
    await missed(viewer, cost(fresh))
    return customer


async def _new_keys(viewer: Viewer, customer_id: UUID | None, changed: Fields) -> list[Key]:
    """Return the keys that the customer would get; raises why it may not be changed so."""
    if KINDS.keys().isdisjoint(changed):
        return []
    customer = await find_one(viewer, Customer, customer_id)
    _check(viewer, customer, changed)
    return await _fresh_keys(viewer, customer, duplicate_keys(_known(customer, changed)))


async def _update(viewer: Viewer, customer_id: UUID | None, changed: Fields) -> Customer:
    async for _ in database.attempts(f"a duplicate of customer {customer_id}"):
        try:
            customer = await database.with_retries(lambda: _write(viewer, customer_id, changed))
            break
        except IntegrityError:
            # Another customer took a key since it was found free: look again.
            continue
    return customer


async def _write(viewer: Viewer, customer_id: UUID | None, changed: Fields) -> Customer:
    async with database.transaction():
        customer = await _read_locked(viewer, customer_id)
        _check(viewer, customer, changed)
        known = _known(customer, changed)
        keys = duplicate_keys(known)
        fresh = (
            [] if KINDS.keys().isdisjoint(changed) else await _fresh_keys(viewer, customer, keys)
        )
        found = await refusing(viewer, keys, fresh, besides=customer.id) if fresh else []
        refuse(viewer, found)
        (updated,) = await database.models(
            Customer,
            UPDATE,
            viewer.organization.id,
            customer.id,
            *(known[name] for name in COLUMNS),
            *former_columns(keys).values(),
            viewer.id,
            json.dumps({"changed": changed}, ensure_ascii=False),
            json.dumps(stored_keys(viewer, fresh, taken_keys(found)), ensure_ascii=False),
            *whose_level(viewer, customer, changed),
            *name_columns(known["name"] or "").values(),
        )
        await alarms.ring()
        if updated.owner_id and level_of(updated) != level_of(customer):
            return await _reschedule(viewer, updated)
        return updated


async def _read_locked(viewer: Viewer, customer_id: UUID | None) -> Customer:
    """Lock the row so that unchanged fields are current."""
    customer = await viewer.of(Customer).filter(id=customer_id).select_for_update().first()
    if customer is None:
        raise NotFound
    return customer


def _check(viewer: Viewer, customer: Customer, changed: Fields) -> None:
    """Raises why the viewer may not change it, then InvalidInput."""
    if not viewer.sees(customer):
        raise NotFound
    if customer.owner_id != viewer.id and not viewer.decides(customer):
        if customer.owner_id:
            raise NotHolder
        raise Forbidden("Only administrators of its pool may change a customer that nobody holds.")
    check_fields(changed)


def _known(customer: Customer, changed: Fields) -> dict[str, str | None]:
    return {name: getattr(customer, column) for name, column in COLUMNS.items()} | dict(changed)


async def _fresh_keys(viewer: Viewer, customer: Customer, keys: Sequence[Key]) -> list[Key]:
    """Return those of the keys that the customer never had."""
    rows = await viewer.of(CustomerKey).filter(customer_id=customer.id)
    own = {Key(row.kind, row.key) for row in rows}
    return [key for key in keys if key not in own]


async def _reschedule(viewer: Viewer, customer: Customer) -> Customer:
    """Another level has other deadlines."""
    (holding,) = await read_holdings(viewer.organization.id, [customer.id])
    by_another = customer.owner_id != viewer.id
    change = Change(holding, holding.facts, holding.calendar, by_another=by_another)
    customers = await rewrite_holdings([change])
    await alarms.arm(came_nearer([change], customers), holding.now)
    return customers[0]
