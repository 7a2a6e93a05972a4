"""The mutation that confirms a deal."""

from typing import Any

import strawberry

from models.holding import deal_decisions
from schema.base import ids
from schema.base.context import Info
from schema.base.mutation import mutation
from schema.customers.results import HoldResult


@strawberry.type
class Deals:
    @mutation(
        HoldResult,
        description="Confirm or decline a deal that waits. Administrators of its pool,"
        " but not its owner.",
    )
    @staticmethod
    async def confirm_deal(
        info: Info, customer_id: strawberry.ID, approve: bool, note: str | None = None
    ) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await deal_decisions.confirm(info.context.viewer, customer, approve, note)
