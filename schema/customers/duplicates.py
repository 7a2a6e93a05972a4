"""Duplicates as the contract shows them."""

from typing import Any

import strawberry

from models import refusals
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

    @field(CUSTOMER | None)
    @staticmethod
    async def customer(root: strawberry.Parent[refusals.Duplicate], info: Info) -> Any:
        if root.customer_id is None:
            return None
        customer = await info.context.loaders.customers.load(root.customer_id)
        viewer = info.context.viewer
        shows = customer and may_show(viewer, customer.owner_id, customer.pool_id)
        return customer if shows else None


@strawberry.type
class DuplicateFound(Refusal):
    duplicates: list[Duplicate]
