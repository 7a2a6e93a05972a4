"""Merging two customers that are one."""

from typing import Annotated, Any

import strawberry

from models import tables
from models.ledger import outcomes
from models.ownership import merging
from schema.base import ids
from schema.base.context import Info
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.references import CUSTOMER
from schema.base.refusals import Forbidden, InvalidInput, NotFound


@strawberry.type
class CustomersMerged:
    is_type_of = shows(outcomes.CustomersMerged)
    customer: tables.Customer = strawberry.field(graphql_type=CUSTOMER)


MergeResult = Annotated[
    CustomersMerged | Forbidden | NotFound | InvalidInput, strawberry.union("MergeResult")
]


@strawberry.type
class Merging:
    @mutation(
        MergeResult,
        description="Two customers are one: `keep` gets the keys, history and missing fields of"
        " `drop`, whose id answers with it. Never undone. Administrators of both pools only.",
        idempotent=True,
    )
    @staticmethod
    async def merge_customers(
        info: Info, keep: strawberry.ID, drop: strawberry.ID, reason: str
    ) -> Any:
        kept, dropped = ids.decode(keep, "Customer"), ids.decode(drop, "Customer")
        return await merging.merge(info.context.viewer, kept, dropped, reason)
