"""A customer's contact, masked as the viewer's rights demand."""

from collections.abc import Collection

import strawberry

from models import tables
from models.customers.masking import mask_email, mask_person, mask_phone
from models.viewers import Viewer
from schema.base.enums import ContactField


@strawberry.type
class Contact:
    person: str | None = None
    phone: str | None = None
    email: str | None = None
    masked: bool = strawberry.field(default=True, description="True where something was masked.")


def whole(customer: tables.Customer) -> Contact:
    return Contact(person=customer.person, phone=customer.phone, email=customer.email, masked=False)


def masked(customer: tables.Customer, fields: Collection[str]) -> Contact:
    contact = whole(customer)
    if contact.person and ContactField.PERSON in fields:
        contact.person, contact.masked = mask_person(contact.person), True
    if contact.phone and ContactField.PHONE in fields:
        contact.phone, contact.masked = mask_phone(contact.phone), True
    if contact.email and ContactField.EMAIL in fields:
        contact.email, contact.masked = mask_email(contact.email), True
    return contact


def knows_whole(viewer: Viewer, customer: tables.Customer) -> bool:
    if customer.owner_id is None:
        return False
    return customer.owner_id == viewer.id or viewer.administers(customer.pool_id)
