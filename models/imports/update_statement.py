"""The statement that changes customers whose rows came again, and its values."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.customers.csv_known import Known
from models.customers.csv_parsing import Row
from models.customers.fields import COLUMNS
from models.customers.levels import whose_level
from models.duplicates.exact import stored_keys
from models.duplicates.keys import Key, duplicate_keys, former_columns
from models.lists.name_order import name_columns
from models.tables import CUSTOMER_COLUMNS, Customer, CustomerKey
from models.viewers import Viewer

UPDATE = f"""
WITH wanted AS MATERIALIZED (
  -- 1. wanted: all fields of each customer that changes
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS w(id uuid, name text, level text, person text,
    phone text, email text, registration_number text, name_key text, phone_key text,
    email_key text, registration_key text, level_by_owner boolean, granted_level text,
    sort_name text, masked_name text, changed jsonb, keys jsonb)
), updated AS (
  -- 2. updated: the customers
  UPDATE customer c SET name = w.name, level = w.level, person = w.person, phone = w.phone,
    email = w.email, registration_number = w.registration_number, name_key = w.name_key,
    phone_key = w.phone_key, email_key = w.email_key, registration_key = w.registration_key,
    level_by_owner = w.level_by_owner, granted_level = w.granted_level,
    sort_name = w.sort_name, masked_name = w.masked_name, keyed_at = statement_timestamp()
  FROM wanted w WHERE c.organization_id = $1 AND c.id = w.id RETURNING c.*
), keyed AS (
  -- 3. keyed: their new keys beside those that they ever had
  INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks)
  SELECT u.organization_id, u.id, k.kind, k.key, k.blocks
  FROM updated u JOIN wanted w ON w.id = u.id,
    jsonb_to_recordset(w.keys) AS k(kind text, key text, blocks boolean)
  ORDER BY k.kind, k.key
  ON CONFLICT ON CONSTRAINT customer_key_once DO NOTHING
), logged AS (
  -- 4. logged: that fields changed
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id)
  SELECT organization_id, id, epoch, 'UPDATED', $3, owner_id, pool_id FROM updated ORDER BY id
  RETURNING organization_id, id, customer_id
), texted AS (
  -- 5. texted: their new values
  INSERT INTO event_text (organization_id, id, customer_id, details)
  SELECT l.organization_id, l.id, l.customer_id, jsonb_build_object('changed', w.changed)
  FROM logged l JOIN wanted w ON w.id = l.customer_id
)
SELECT {CUSTOMER_COLUMNS} FROM updated c
"""


@dataclass(frozen=True, slots=True)
class Update:
    customer: Customer
    changed: dict[str, str | None]
    row: Row


def update_of(customer: Customer, row: Row) -> Update:
    given = {name: getattr(row, column) for name, column in COLUMNS.items()}
    changed = {
        name: value
        for name, value in given.items()
        if value and value != getattr(customer, COLUMNS[name])
    }
    return Update(customer, changed, row)


async def write_updates(viewer: Viewer, updates: list[Update], known: Known) -> list[Customer]:
    """Return the customers as they are now."""
    ids = [each.customer.id for each in updates]
    stored = await viewer.of(CustomerKey).filter(customer_id__in=ids)
    own = {(each.customer_id, Key(each.kind, each.key)) for each in stored}
    wanted = [_wanted(viewer, each, own, known) for each in updates]
    text = json.dumps(wanted, ensure_ascii=False)
    return await database.models(Customer, UPDATE, viewer.organization.id, text, viewer.id)


def _wanted(
    viewer: Viewer, update: Update, own: set[tuple[UUID, Key]], known: Known
) -> dict[str, Any]:
    customer, changed = update.customer, update.changed
    fields = {name: getattr(customer, column) for name, column in COLUMNS.items()} | changed
    keys = duplicate_keys(fields)
    fresh = [key for key in keys if (customer.id, key) not in own]
    by_owner, granted = whose_level(viewer, customer, changed)
    return {
        "id": str(customer.id),
        "level_by_owner": by_owner,
        "granted_level": granted,
        "changed": changed,
        "keys": stored_keys(viewer, fresh, known),
        **{column: fields[name] for name, column in COLUMNS.items()},
        **former_columns(keys),
        **name_columns(fields["name"] or ""),
    }
