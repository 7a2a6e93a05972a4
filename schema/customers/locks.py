"""Mutations that lock a held customer against release."""

from typing import Any

import strawberry

from models.holding import locks
from schema.base import ids
from schema.base.context import Info
from schema.base.mutation import mutation
from schema.customers.results import HoldResult


@strawberry.type
class Locks:
    @mutation(
        HoldResult,
        description="Keep a held customer from releases by rule, up to the rules' `lockLimit`."
        " Its owner.",
    )
    @staticmethod
    async def lock_customer(info: Info, customer_id: strawberry.ID) -> Any:
        return await locks.lock(info.context.viewer, ids.decode(customer_id, "Customer"))

    @mutation(HoldResult, description="Let its deadlines hold again. Its owner.")
    @staticmethod
    async def unlock_customer(info: Info, customer_id: strawberry.ID) -> Any:
        return await locks.unlock(info.context.viewer, ids.decode(customer_id, "Customer"))
