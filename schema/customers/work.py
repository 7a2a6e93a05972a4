"""Mutations that work on a customer: follow-ups, deals, what is known of it, its pool."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from models.customers.moves import move_customers
from models.customers.update import update_customer
from models.holding import follow_ups
from schema.base import ids
from schema.base.context import Info
from schema.base.enums import FollowUpKind
from schema.base.mutation import mutation
from schema.base.refusals import (
    AlreadyHeld,
    Forbidden,
    InvalidInput,
    NotFound,
    NotHolder,
    TooManyLookups,
)
from schema.customers.customer import Customer
from schema.customers.duplicates import DuplicateFound
from schema.customers.inputs import CustomerInput
from schema.customers.results import HoldResult


@strawberry.type
class CustomerSaved:
    customer: Customer


@strawberry.type
class Moved:
    count: int


CustomerResult = Annotated[
    CustomerSaved
    | DuplicateFound
    | TooManyLookups
    | NotHolder
    | Forbidden
    | NotFound
    | InvalidInput,
    strawberry.union("CustomerResult"),
]
MoveResult = Annotated[
    Moved | AlreadyHeld | Forbidden | NotFound | InvalidInput, strawberry.union("MoveResult")
]


@strawberry.type
class Work:
    @mutation(HoldResult, idempotent=True)
    @staticmethod
    async def log_follow_up(
        info: Info, customer_id: strawberry.ID, kind: FollowUpKind, note: str
    ) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await follow_ups.log_follow_up(info.context.viewer, customer, kind.value, note)

    @mutation(HoldResult, idempotent=True)
    @staticmethod
    async def record_deal(info: Info, customer_id: strawberry.ID, amount: Decimal) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await follow_ups.record_deal(info.context.viewer, customer, amount)

    @mutation(
        CustomerResult,
        description="Change what is known of a customer."
        " Its owner, and administrators of its pool.",
    )
    @staticmethod
    async def update_customer(
        info: Info, customer_id: strawberry.ID, customer: CustomerInput
    ) -> Any:
        id = ids.decode(customer_id, "Customer")
        changed: Any = await update_customer(info.context.viewer, id, customer.to_domain())
        return CustomerSaved(customer=changed)

    @mutation(
        MoveResult,
        description="Into another pool: pooled ones only, administrators of both pools.",
    )
    @staticmethod
    async def move_customers(
        info: Info, customer_ids: list[strawberry.ID], pool_id: strawberry.ID
    ) -> Any:
        moved = [ids.decode(id, "Customer") for id in customer_ids]
        pool = ids.decode(pool_id, "Pool")
        return Moved(count=await move_customers(info.context.viewer, moved, pool))
