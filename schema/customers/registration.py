"""Reporting a new customer, and whether it is new at all."""

from typing import Annotated, Any

import strawberry

from models import refusals
from models.customers import registration
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.refusals import (
    CapacityReached,
    CoolingDown,
    Forbidden,
    InvalidInput,
    NotFound,
    TooManyLookups,
)
from schema.customers.duplicates import Duplicate, DuplicateFound
from schema.customers.inputs import CustomerInput
from schema.customers.results import Claimed

ONCE = "one look-up in an operation: send another operation for each further one"
RegisterResult = Annotated[
    Claimed
    | DuplicateFound
    | CoolingDown
    | TooManyLookups
    | CapacityReached
    | Forbidden
    | NotFound
    | InvalidInput,
    strawberry.union("RegisterResult"),
]


@strawberry.type
class Registration:
    @mutation(
        RegisterResult,
        description="Report a new customer (registration): it enters the viewer's private pool,"
        " unless it is a duplicate.",
        idempotent=True,
    )
    @staticmethod
    async def register_customer(info: Info, customer: CustomerInput, pool_id: strawberry.ID) -> Any:
        pool = ids.decode(pool_id, "Pool")
        return await registration.register(info.context.viewer, pool, customer.to_domain())


@strawberry.type
class Duplicates:
    @field(
        list[Duplicate],
        description="Would this customer be a duplicate? Says no more about a colleague's"
        " customer than the viewer may know. Where no key agrees, the names are merely alike."
        " Counts as one look-up, or one for each phone number; over the organization's limit it is"
        " an error with the code TOO_MANY_LOOKUPS and `resetsAt`. Once in an operation.",
    )
    @staticmethod
    async def duplicates(info: Info, customer: CustomerInput) -> list[refusals.Duplicate]:
        if info.context.has_looked_up:
            raise refusals.InvalidInput.at("customer", ONCE)
        info.context.has_looked_up = True
        return await registration.find_duplicates(info.context.viewer, customer.to_domain())
