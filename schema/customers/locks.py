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
    @mutation(HoldResult)
    @staticmethod
    async def lock_customer(info: Info, customer_id: strawberry.ID) -> Any:
        return await locks.lock(info.context.viewer, ids.decode(customer_id, "Customer"))

    @mutation(HoldResult)
    @staticmethod
    async def unlock_customer(info: Info, customer_id: strawberry.ID) -> Any:
        return await locks.unlock(info.context.viewer, ids.decode(customer_id, "Customer"))
