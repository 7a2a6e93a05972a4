"""The keys that a customer once had, and letting go of one."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import strawberry

from models import tables
from models.customers.former_keys import release_key, shown
from schema.base import ids
from schema.base.context import Info
from schema.base.enums import DuplicateKey
from schema.base.mutation import mutation
from schema.customers.contact import knows_whole
from schema.customers.results import CustomerResult, CustomerSaved


@strawberry.type(description="A value by which the customer was known, normalised.")
class FormerKey:
    key: DuplicateKey
    value: str
    since: datetime


async def former_keys(info: Info, customer: tables.Customer) -> list[FormerKey]:
    """For its owner, who leads them, and the administrators of its pool; masked as its contact."""
    viewer, loaders = info.context.viewer, info.context.loaders
    if customer.owner_id != viewer.id and not viewer.decides(customer):
        return []
    masked: Collection[str] = ()
    if not knows_whole(viewer, customer):
        pool = await loaders.pools.load(customer.pool_id)
        assert pool is not None
        masked = pool.rules.masked
    return [
        FormerKey(key=DuplicateKey(row.kind), value=shown(row, masked), since=row.since)
        for row in await loaders.former_keys.load(customer)
    ]


@strawberry.type
class Keys:
    @mutation(
        CustomerResult,
        description="Let go of a former key, so that another customer may have it."
        " Administrators of its pool only.",
    )
    @staticmethod
    async def release_duplicate_key(
        info: Info, customer_id: strawberry.ID, key: DuplicateKey, value: str
    ) -> Any:
        id = ids.decode(customer_id, "Customer")
        customer: Any = await release_key(info.context.viewer, id, key.value, value)
        return CustomerSaved(customer=customer)
