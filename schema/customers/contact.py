"""A customer's contact, masked as the viewer's rights demand."""

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import TypeVar

import strawberry

from models import tables
from models.masking.masks import mask_email, mask_person, mask_phone, mask_text
from models.viewers import Viewer
from schema.base.context import Context
from schema.base.enums import ContactField
from schema.base.loading.later import once_loaded

Made = TypeVar("Made")
EVERYTHING: Collection[str] = frozenset(ContactField)


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
    if not hidden:
        return Contact(
            person=customer.person, phone=customer.phone, email=customer.email, masked=False
        )
    contact = Contact(
        person=_shown(customer.person, ContactField.PERSON, mask_person, hidden),
        phone=_shown(customer.phone, ContactField.PHONE, mask_phone, hidden),
        email=_shown(customer.email, ContactField.EMAIL, mask_email, hidden),
    )
    own = (customer.person, customer.phone, customer.email)
    contact.masked = (contact.person, contact.phone, contact.email) != own
    return contact


def _shown(
    value: str | None, field: ContactField, mask: Callable[[str], str], hidden: Collection[str]
) -> str | None:
    if value is None:
        return None
    return mask(value) if field in hidden else mask_text(value, hidden)


def with_hidden_fields(
    context: Context, customer: tables.Customer, then: Callable[[Collection[str]], Made]
) -> Made | Awaitable[Made]:
    """What `then` makes of the fields of a customer's contact that the viewer may not see.

    They are EVERYTHING of a colleague's customer.
    """
    viewer = context.viewer
    if knows_whole(viewer, customer):
        return then(())
    if customer.owner_id is not None or not viewer.sees(customer):
        return then(EVERYTHING)

    return once_loaded(context.loaders.pools, customer.pool_id, partial(_as_masked, then))


def _as_masked(then: Callable[[Collection[str]], Made], pool: tables.Pool | None) -> Made:
    assert pool is not None
    return then(pool.rules.masked)


async def hidden_fields(context: Context, customer: tables.Customer) -> Collection[str]:
    found = with_hidden_fields(context, customer, lambda hidden: (hidden,))
    (hidden,) = found if isinstance(found, tuple) else await found
    return hidden


def knows_whole(viewer: Viewer, customer: tables.Customer) -> bool:
    if customer.owner_id is None:
        return False
    return customer.owner_id == viewer.id or viewer.decides(customer)


def may_read_notes(viewer: Viewer, customer: tables.Customer) -> bool:
    """Of a held customer, only its owner and those who decide on it read the notes."""
    if customer.owner_id is None:
        return viewer.sees_pool(customer.pool_id)
    return knows_whole(viewer, customer)
