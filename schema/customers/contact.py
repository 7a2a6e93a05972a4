"""A customer's contact, masked as the viewer's rights demand."""

from collections.abc import Awaitable, Collection, Sequence
from functools import partial
from uuid import UUID

import strawberry

from models import tables
from models.masking.masks import mask_email, mask_person, mask_phone, mask_text
from models.viewers import Viewer
from schema.base.context import Context, Info
from schema.base.enums import ContactField
from schema.base.loading.later import once_loaded

EVERYTHING: Collection[str] = frozenset(ContactField)
PERSON, PHONE, EMAIL = (each.value for each in ContactField)


@strawberry.type
class Contact:
    person: str | None = None
    phone: str | None = None
    email: str | None = None
    masked: bool = strawberry.field(default=True, description="True where something was masked.")


def shown(customer: tables.Customer, hidden: Collection[str]) -> Contact:
    """The contact without the hidden fields; a number or address in another field is hidden too."""
    if hidden is EVERYTHING:
        return Contact()
    person, phone, email = own = customer.person, customer.phone, customer.email
    if person:
        person = mask_person(person) if PERSON in hidden else mask_text(person, hidden)
    if phone:
        phone = mask_phone(phone) if PHONE in hidden else mask_text(phone, hidden)
    if email:
        email = mask_email(email) if EMAIL in hidden else mask_text(email, hidden)
    return Contact(person=person, phone=phone, email=email, masked=(person, phone, email) != own)


def contact_for(context: Context, customer: tables.Customer) -> Contact | Awaitable[Contact]:
    """Return the contact as the viewer may see it."""
    hidden = _hidden_by_rights(context.viewer, customer)
    if hidden is not None:
        return shown(customer, hidden)
    return once_loaded(context.loaders.pools, customer.pool_id, partial(_shown_in, customer))


def contacts_for(customers: Sequence[tables.Customer], info: Info) -> list[Contact] | None:
    """Return the contacts of many; None where the rules of one of their pools are yet to be read.

    A pool's rules decide for all that nobody holds.
    """
    context, by_pool = info.context, dict[UUID, Collection[str]]()
    found = []
    for customer in customers:
        hidden = None if customer.owner_id else by_pool.get(customer.pool_id)
        if hidden is None:
            hidden = _hidden_by_rights(context.viewer, customer)
            if hidden is None:
                (pool,) = context.loaders.pools.known([customer.pool_id]) or [None]
                if pool is None:
                    return None
                hidden = pool.rules.masked
            if customer.owner_id is None:
                by_pool[customer.pool_id] = hidden
        found.append(shown(customer, hidden))
    return found


async def hidden_fields(context: Context, customer: tables.Customer) -> Collection[str]:
    """Return the fields of the contact that the viewer may not see; EVERYTHING of a colleague's."""
    hidden = _hidden_by_rights(context.viewer, customer)
    if hidden is not None:
        return hidden
    pool = await context.loaders.pools.load(customer.pool_id)
    assert pool is not None
    return pool.rules.masked


def _hidden_by_rights(viewer: Viewer, customer: tables.Customer) -> Collection[str] | None:
    """None where the rules of the pool decide."""
    if customer.owner_id is None:
        return None if viewer.sees_pool(customer.pool_id) else EVERYTHING
    return () if knows_whole(viewer, customer) else EVERYTHING


def _shown_in(customer: tables.Customer, pool: tables.Pool | None) -> Contact:
    assert pool is not None
    return shown(customer, pool.rules.masked)


def knows_whole(viewer: Viewer, customer: tables.Customer) -> bool:
    if customer.owner_id is None:
        return False
    return customer.owner_id == viewer.id or viewer.decides(customer)


def may_read_notes(viewer: Viewer, customer: tables.Customer) -> bool:
    """Of a held customer, only its owner and those who decide on it read the notes."""
    if customer.owner_id is None:
        return viewer.sees_pool(customer.pool_id)
    return knows_whole(viewer, customer)
