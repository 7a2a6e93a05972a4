"""The mutation that undoes releases by rule."""

from typing import Annotated

import strawberry

from models.ownership import undoing
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.customers.customer import Customer
from schema.organizations.members import Member


@strawberry.type
class MemberLoad:
    member: Member
    held: int
    capacity: int


@strawberry.type
class ReleasesUndone:
    is_type_of = shows(undoing.Undone)

    count: int = strawberry.field(
        description="Customers returned to their previous owner; their deadlines restart."
    )
    claimed_meanwhile: list[Customer] = strawberry.field(
        description="Not returned: claimed since the release. The first hundred by name."
    )
    claimed_meanwhile_count: int
    owner_left: int = strawberry.field(
        description="Not returned: the previous owner has left the organization."
    )
    over_capacity: list[MemberLoad] = strawberry.field(
        description="Members who now hold more than their capacity; they lose nothing."
    )


UndoResult = Annotated[
    ReleasesUndone | Forbidden | NotFound | InvalidInput, strawberry.union("UndoResult")
]


@strawberry.type
class Undoing:
    @mutation(
        UndoResult,
        description="Undo releases by rule of the last 24 hours: of one customer, or of one version"
        " of a pool's rules. Correct the rules first. Pool administrators only.",
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def undo_releases(
        info: Info,
        customer_id: strawberry.ID | None = None,
        pool_id: strawberry.ID | None = None,
        rules_version: int | None = None,
    ) -> undoing.Undone:
        return await undoing.undo(
            info.context.viewer,
            customer_id=ids.decode_given(customer_id, "Customer"),
            pool_id=ids.decode_given(pool_id, "Pool"),
            rules_version=rules_version,
        )
