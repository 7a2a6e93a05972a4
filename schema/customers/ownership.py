"""Mutations that change who holds a customer."""

from typing import Any

import strawberry

from models.ledger.outcomes import Outcome
from models.ownership import claims, releases, transfers
from models.ownership.single_claims import claim_one, claim_with_key
from schema.base import ids
from schema.base.context import Context, Info
from schema.base.mutation import mutation
from schema.customers.results import ClaimResult, ReleaseResult


async def _claim_with_key(
    context: Context, key: str, request: list[Any], customer_id: str
) -> Outcome | None:
    customer = ids.decode(customer_id, "Customer")
    return await claim_with_key(context.viewer, key, request, customer)


@strawberry.type
class Ownership:
    @mutation(
        ClaimResult,
        description="Take a customer out of its pool. Capacity, daily limit, cool-down and"
        " new-customer lock hold.",
        idempotent=True,
        keyed=_claim_with_key,
    )
    @staticmethod
    async def claim_customer(info: Info, customer_id: strawberry.ID) -> Any:
        viewer, customer = info.context.viewer, ids.decode(customer_id, "Customer")
        outcome = await claim_one(viewer, customer)
        return outcome or (await claims.claim(viewer, [customer]))[0]

    @mutation(
        list[ClaimResult],
        description="Each customer is claimed or refused by itself; at most 100.",
        idempotent=True,
    )
    @staticmethod
    async def claim_customers(info: Info, customer_ids: list[strawberry.ID]) -> Any:
        customers = [ids.decode(id, "Customer") for id in customer_ids]
        return await claims.claim(info.context.viewer, customers)

    @mutation(
        ReleaseResult,
        description="Give a held customer back: into the named pool, else where the rules of its"
        " pool send it. Its owner, who leads them, and administrators of its pool.",
        idempotent=True,
    )
    @staticmethod
    async def release_customer(
        info: Info, customer_id: strawberry.ID, reason: str, pool_id: strawberry.ID | None = None
    ) -> Any:
        return await releases.give_back(
            info.context.viewer,
            ids.decode(customer_id, "Customer"),
            reason,
            ids.decode_given(pool_id, "Pool"),
        )

    @mutation(
        ClaimResult,
        description="Give a pooled customer to a member."
        " Capacity holds; cool-down and daily limit do not.",
        idempotent=True,
    )
    @staticmethod
    async def assign_customer(
        info: Info, customer_id: strawberry.ID, member_id: strawberry.ID
    ) -> Any:
        return await claims.assign(
            info.context.viewer,
            ids.decode(customer_id, "Customer"),
            ids.decode(member_id, "Member"),
        )

    @mutation(
        list[ClaimResult],
        description="Each pooled customer is given to the member or refused by itself;"
        " at most 100.",
        idempotent=True,
    )
    @staticmethod
    async def assign_customers(
        info: Info, customer_ids: list[strawberry.ID], member_id: strawberry.ID
    ) -> Any:
        customers = [ids.decode(id, "Customer") for id in customer_ids]
        member = ids.decode(member_id, "Member")
        return await claims.assign_many(info.context.viewer, customers, member)

    @mutation(
        ClaimResult,
        description="Hand a held customer to another member."
        " The receiver's capacity holds, and the deadlines start again.",
        idempotent=True,
    )
    @staticmethod
    async def transfer_customer(
        info: Info, customer_id: strawberry.ID, member_id: strawberry.ID
    ) -> Any:
        return await transfers.transfer(
            info.context.viewer,
            ids.decode(customer_id, "Customer"),
            ids.decode(member_id, "Member"),
        )
