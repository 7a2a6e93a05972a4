"""A customer's contact, masked as the viewer's rights demand."""

from collections.abc import Callable, Collection

import strawberry

from models import tables
from models.masking.masks import mask_email, mask_person, mask_phone, mask_text
from models.viewers import Viewer
from schema.base.context import Context
from schema.base.enums import ContactField

EVERYTHING: Collection[str] = frozenset(ContactField)


@strawberry.type
class Contact:
    person: str | None = None
    phone: str | None = None
    email: str | None = None
    masked: bool = strawberry.field(default=True, description="True where something was masked.")


def shown(customer: tables.Customer, hidden: Collection[str]) -> Contact:
    """The contact without the hidden fields; a number or address in another field is hidden too."""
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


async def hidden_fields(context: Context, customer: tables.Customer) -> Collection[str]:
    """Which fields of a customer's contact the viewer may not see; EVERYTHING of a colleague's."""
    viewer = context.viewer
    if knows_whole(viewer, customer):
        return ()
    if customer.owner_id is not None or not viewer.sees(customer):
        return EVERYTHING
    pool = await context.loaders.pools.load(customer.pool_id)
    assert pool is not None
    return pool.rules.masked


def knows_whole(viewer: Viewer, customer: tables.Customer) -> bool:
    if customer.owner_id is None:
        return False
    return customer.owner_id == viewer.id or viewer.administers(customer.pool_id)
