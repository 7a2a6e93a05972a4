"""The keys that a customer once had: each refuses duplicates until somebody lets go of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from models import database
from models.customers.fields import COLUMNS
from models.duplicates.keys import FIELD_OF, Key, duplicate_keys, field_keys
from models.holding import alarms
from models.masking.masks import mask_email, mask_phone, mask_text
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import Customer, CustomerKey
from models.viewers import Viewer

MASKABLE = ("PHONE", "EMAIL")
LET_GO = """
WITH gone AS (
  -- 1. gone: the key, now free for another customer
  DELETE FROM customer_key WHERE organization_id = $1 AND id = $2 RETURNING *
), logged AS (
  -- 2. logged: the event that tells of it
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    details)
  SELECT c.organization_id, c.id, c.epoch, 'KEY_RELEASED', $3, c.owner_id, c.pool_id,
    jsonb_build_object('key', g.kind)
  FROM gone g JOIN customer c ON c.organization_id = $1 AND c.id = g.customer_id
  RETURNING organization_id, id, customer_id
)
-- 3. The key's value.
INSERT INTO event_text (organization_id, id, customer_id, details)
SELECT l.organization_id, l.id, l.customer_id, jsonb_build_object('value', g.key)
FROM logged l, gone g
"""


async def former_keys(
    viewer: Viewer, customers: Sequence[Customer]
) -> dict[UUID, list[CustomerKey]]:
    """Return by customer the keys that it has no more, the oldest first."""
    present = {each.id: present_keys(each) for each in customers}
    rows = await viewer.of(CustomerKey).filter(customer_id__in=list(present)).order_by("id")
    found = defaultdict[UUID, list[CustomerKey]](list)
    for row in rows:
        if Key(row.kind, row.key) not in present[row.customer_id]:
            found[row.customer_id].append(row)
    return {id: found[id] for id in present}


def present_keys(customer: Customer) -> tuple[Key, ...]:
    return duplicate_keys({name: getattr(customer, column) for name, column in COLUMNS.items()})


def shown(row: CustomerKey, masked: Collection[str]) -> str:
    """Return the key's value; `masked` are the contact fields that its reader may not see."""
    if row.kind not in masked:
        return mask_text(row.key, masked)
    return mask_phone(row.key) if row.kind == "PHONE" else mask_email(row.key)


async def release_key(viewer: Viewer, customer_id: UUID | None, kind: str, value: str) -> Customer:
    """Let go of a former key, so that another customer may have it; for administrators of its pool.

    `value` is the key, its masked form, or what a person wrote. Raises InvalidInput if it is no
    former key, or the masked form of two.
    """
    async with database.transaction():
        customer = await viewer.of(Customer).filter(id=customer_id).select_for_update().first()
        if customer is None or not viewer.sees(customer):
            raise NotFound
        if not viewer.administers(customer.pool_id):
            raise Forbidden("Only administrators of its pool may let go of a customer's key.")
        row = await _named(viewer, customer, kind, value)
        await database.rows(LET_GO, viewer.organization.id, row.id, viewer.id)
        await alarms.ring()
    return customer


async def _named(viewer: Viewer, customer: Customer, kind: str, value: str) -> CustomerKey:
    wanted = {value, *(key.value for key in field_keys(FIELD_OF[kind], value))}
    former = (await former_keys(viewer, [customer]))[customer.id]
    rows = [row for row in former if row.kind == kind]
    named = [row for row in rows if row.key in wanted] or [
        row for row in rows if shown(row, MASKABLE) == value
    ]
    if len(named) == 1:
        return named[0]
    if named:
        raise InvalidInput.at("value", "is the masked form of two former keys; write it whole")
    if any(key.kind == kind and key.value in wanted for key in present_keys(customer)):
        raise InvalidInput.at("value", "is what the customer has now; change the customer instead")
    raise InvalidInput.at("value", "is none of the customer's former keys; see formerKeys")
