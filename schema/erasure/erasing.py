"""Erasing what is stored of a person."""

from collections.abc import Awaitable
from typing import Annotated, Any

import strawberry

from models import tables
from models.erasure.erasing import ErasureReason, erase
from models.ledger import outcomes
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.references import CUSTOMER
from schema.base.refusals import Forbidden, InvalidInput, NotFound

strawberry.enum(
    ErasureReason, description="On which ground; a free text could name the person again."
)


@strawberry.type
class CustomerErased:
    is_type_of = shows(outcomes.CustomerErased)

    @field(CUSTOMER, description="As it looks from now on: without name, contact and texts.")
    @staticmethod
    def customer(
        root: strawberry.Parent[outcomes.CustomerErased], info: Info
    ) -> Awaitable[tables.Customer | None]:
        return info.context.loaders.customers.load(root.customer.id)


EraseResult = Annotated[
    CustomerErased | Forbidden | NotFound | InvalidInput, strawberry.union("EraseResult")
]


@strawberry.type
class Erasing:
    @mutation(
        EraseResult,
        description="Erase name, contact, keys, notes and reasons of a customer, and of those that"
        " were merged into it. Its history keeps who did what and when. Never undone. Admins only.",
        idempotent=True,
    )
    @staticmethod
    async def erase_customer(info: Info, customer_id: strawberry.ID, reason: ErasureReason) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await erase(info.context.viewer, customer, reason)
