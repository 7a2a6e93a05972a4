"""The input types of a customer's fields."""

import strawberry

from models.customers.fields import Fields


@strawberry.input
class CustomerInput:
    name: str
    level: str | None = strawberry.UNSET
    person: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    registration_number: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Unified social credit code or another registry's number.",
    )

    def to_domain(self) -> Fields:
        return given(self)


@strawberry.input
class CustomerChanges:
    name: str | None = strawberry.UNSET
    level: str | None = strawberry.UNSET
    person: str | None = strawberry.UNSET
    phone: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    registration_number: str | None = strawberry.UNSET

    def to_domain(self) -> Fields:
        return given(self)


def given(fields: CustomerInput | CustomerChanges) -> Fields:
    """Return what is given, null included, by its name in the API."""
    by_name = {
        "name": fields.name,
        "level": fields.level,
        "person": fields.person,
        "phone": fields.phone,
        "email": fields.email,
        "registrationNumber": fields.registration_number,
    }
    return {name: value for name, value in by_name.items() if value is not strawberry.UNSET}
