"""Mutations that admins use: members and departments."""

from typing import Annotated

import strawberry

from models import tables
from models.ledger import outcomes
from models.organizations import leaving, members, returning
from models.organizations.departments import save_department
from models.paging import Window
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.inputs.windows import connection
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.customers.customer import CustomerConnection, Customers
from schema.organizations.members import Member, MemberInput, decode_change
from schema.organizations.organization import Department


@strawberry.type
class MemberSaved:
    is_type_of = shows(outcomes.MemberSaved)
    member: tables.Member = strawberry.field(graphql_type=Member)


@strawberry.type
class DepartmentSaved:
    department: tables.Department = strawberry.field(graphql_type=Department)


@strawberry.type
class Deactivated:
    member: tables.Member = strawberry.field(graphql_type=Member)
    released: int
    handed_over: int = strawberry.field(description="Customers that went to `handOverTo`.")

    @connection(
        CustomerConnection,
        description="Every customer that the member held when they left, as it is now.",
    )
    @staticmethod
    async def customers(
        root: strawberry.Parent["Deactivated"],
        info: Info,
        window: Window,
    ) -> Customers:
        loaders, leaver = info.context.loaders, root.member
        return await Customers.of(
            loaders.left_behind.load(leaver.id, window=window),
            lambda: loaders.count_left_behind.load(leaver.id),
        )


MemberResult = Annotated[
    MemberSaved | Forbidden | NotFound | InvalidInput, strawberry.union("MemberResult")
]
DepartmentResult = Annotated[
    DepartmentSaved | Forbidden | NotFound | InvalidInput, strawberry.union("DepartmentResult")
]
DeactivateResult = Annotated[
    Deactivated | Forbidden | NotFound | InvalidInput, strawberry.union("DeactivateResult")
]


@strawberry.type
class Administration:
    @mutation(
        MemberResult,
        regards_access=True,
        description="Create or change; matched by id, else by email. Admins only.",
    )
    @staticmethod
    async def save_member(info: Info, member: MemberInput) -> outcomes.MemberSaved:
        id = ids.decode_given(member.id, "Member")
        saved = await members.save(info.context.viewer, id, member.to_domain())
        return outcomes.MemberSaved(saved)

    @mutation(
        DepartmentResult,
        regards_access=True,
        description="Create or change; matched by id, else by name. Another parent moves it with"
        " all below it; null takes it to the top. A lead sees and decides for its people and for"
        " those below. What is left out stays as it is. Admins only.",
    )
    @staticmethod
    async def save_department(
        info: Info,
        name: str,
        id: strawberry.ID | None = None,
        parent_id: strawberry.ID | None = strawberry.UNSET,
        lead_id: strawberry.ID | None = strawberry.UNSET,
    ) -> DepartmentSaved:
        saved = await save_department(
            info.context.viewer,
            ids.decode_given(id, "Department"),
            name,
            parent_id=decode_change(parent_id, "Department"),
            lead_id=decode_change(lead_id, "Member"),
        )
        return DepartmentSaved(department=saved)

    @mutation(
        DeactivateResult,
        description="Release everything a leaver holds and refuse them from now on. `handOverTo`"
        " get it before, in turn, as far as they have room. Admins only.",
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def deactivate_member(
        info: Info,
        member_id: strawberry.ID,
        release_to_pool_id: strawberry.ID | None = None,
        hand_over_to: list[strawberry.ID] | None = None,
    ) -> Deactivated:
        left = await leaving.deactivate(
            info.context.viewer,
            ids.decode(member_id, "Member"),
            ids.decode_given(release_to_pool_id, "Pool"),
            None if hand_over_to is None else [ids.decode(id, "Member") for id in hand_over_to],
        )
        return Deactivated(member=left.member, released=left.released, handed_over=left.handed_over)

    @mutation(
        MemberResult,
        description="A leaver is back, with nothing held. Admins only.",
    )
    @staticmethod
    async def reactivate_member(info: Info, member_id: strawberry.ID) -> outcomes.MemberSaved:
        member = await returning.reactivate(info.context.viewer, ids.decode(member_id, "Member"))
        return outcomes.MemberSaved(member)
