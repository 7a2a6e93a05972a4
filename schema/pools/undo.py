"""Releases by rule, taken back."""

from typing import Annotated, Any

import strawberry

from models.ownership import undoing
from schema.base import ids
from schema.base.context import Info
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
        description="Customers that are with whom they were taken from again, by a fresh clock."
    )
    claimed_meanwhile: list[Customer] = strawberry.field(
        description="They stay where they are; the first hundred of them by name."
    )
    claimed_meanwhile_count: int
    owner_left: int = strawberry.field(
        description="They stay in the pool: whom they were taken from has left the organization."
    )
    over_capacity: list[MemberLoad] = strawberry.field(
        description="Who holds more than their capacity now; nothing is taken from them for it."
    )


UndoResult = Annotated[
    ReleasesUndone | Forbidden | NotFound | InvalidInput, strawberry.union("UndoResult")
]


@strawberry.type
class Undoing:
    @mutation(
        UndoResult,
        description="Take releases by rule of the last 24 hours back: of one customer, or all of"
        " a version of a pool's rules. For administrators of the pool; mend the rules first.",
    )
    @staticmethod
    async def undo_releases(
        info: Info,
        customer_id: strawberry.ID | None = None,
        pool_id: strawberry.ID | None = None,
        rules_version: int | None = None,
    ) -> Any:
        return await undoing.undo(
            info.context.viewer,
            customer_id=ids.decode_given(customer_id, "Customer"),
            pool_id=ids.decode_given(pool_id, "Pool"),
            rules_version=rules_version,
        )
