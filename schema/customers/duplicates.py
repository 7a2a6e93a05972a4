"""Duplicates as GraphQL types."""

import strawberry

from models import refusals, tables
from models.duplicates.exact import may_show
from schema.base.context import Info
from schema.base.enums import DuplicateKey, DuplicateStanding
from schema.base.fields import field
from schema.base.references import CUSTOMER
from schema.base.refusals import Refusal


@strawberry.type(
    description="`matchedOn` says which keys agree; the customer itself only where the viewer"
    " may see it."
)
class Duplicate:
    matched_on: list[DuplicateKey]
    standing: DuplicateStanding
    formerly: list[DuplicateKey] = strawberry.field(
        description="Those of matchedOn that it had once and has no more."
    )
    refuses: bool = strawberry.field(
        description="True where a registration is refused; else the two are merely alike."
    )

    @field(CUSTOMER | None)
    @staticmethod
    async def customer(
        root: strawberry.Parent[refusals.Duplicate], info: Info
    ) -> tables.Customer | None:
        if root.customer_id is None:
            return None
        customer = await info.context.loaders.customers.load(root.customer_id)
        if customer and may_show(info.context.viewer, customer.owner_id, customer.pool_id):
            return customer
        return None


@strawberry.type(description="A customer with the same keys is registered; nothing was.")
class DuplicateFound(Refusal):
    duplicates: list[refusals.Duplicate] = strawberry.field(graphql_type=list[Duplicate])
