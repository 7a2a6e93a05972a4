"""The input type of a customer's fields."""

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
        fields = {
            "name": self.name,
            "level": self.level,
            "person": self.person,
            "phone": self.phone,
            "email": self.email,
            "registrationNumber": self.registration_number,
        }
        return {name: value for name, value in fields.items() if value is not strawberry.UNSET}
