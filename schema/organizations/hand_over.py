"""Handing over what a member holds to others."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from models import tables
from models.ledger import outcomes
from models.ownership import hand_over
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.customers.customer import Customer
from schema.organizations.members import Member


@strawberry.type
class Received:
    member: tables.Member = strawberry.field(graphql_type=Member)
    count: int


@strawberry.type
class HandedOver:
    is_type_of = shows(outcomes.HandedOver)

    @field(Member)
    @staticmethod
    async def member(
        root: strawberry.Parent[outcomes.HandedOver], info: Info
    ) -> tables.Member | None:
        return await info.context.loaders.members.load(UUID(root.member))

    @field(list[Received], description="How many customers each receiver got.")
    @staticmethod
    async def received(root: strawberry.Parent[outcomes.HandedOver], info: Info) -> list[Received]:
        counts = {UUID(id): count for id, count in root.received}
        found = await info.context.loaders.members.load_many(counts)
        return [Received(member=each, count=counts[each.id]) for each in found if each]

    @field(
        list[Customer],
        description="Nobody had room: they are back in their pools. The first hundred by name.",
    )
    @staticmethod
    async def released(
        root: strawberry.Parent[outcomes.HandedOver], info: Info
    ) -> list[tables.Customer]:
        found = await info.context.loaders.customers.load_many(map(UUID, root.released))
        return [each for each in found if each]

    released_count: int
    remaining: int = strawberry.field(
        description="Still with the member, of those that you may hand over:"
        " a call hands over at most 10,000."
    )


HandOverResult = Annotated[
    HandedOver | Forbidden | NotFound | InvalidInput, strawberry.union("HandOverResult")
]


@strawberry.type
class HandOver:
    @mutation(
        HandOverResult,
        description="Hand a member's customers to others, in turn: the named ones, else all in"
        " pools that you administer, or all if you lead the member. Capacity holds, and the"
        " deadlines start again; what fits nowhere goes back to its pool. Pool"
        " administrators, and leads among their people.",
        idempotent=True,
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def hand_over(
        info: Info,
        from_member_id: strawberry.ID,
        to_member_ids: list[strawberry.ID],
        reason: str,
        customer_ids: list[strawberry.ID] | None = None,
    ) -> Any:
        named = (
            None if customer_ids is None else [ids.decode(id, "Customer") for id in customer_ids]
        )
        return await hand_over.hand_over(
            info.context.viewer,
            ids.decode(from_member_id, "Member"),
            [ids.decode(id, "Member") for id in to_member_ids],
            named,
            reason,
        )
