"""Mutations of managers and admins: pools, their customers, members and departments."""

from typing import Annotated, Any, cast

import strawberry

from models import importing, members, pools, tables
from schema import ids
from schema.context import Info
from schema.customers import CustomerConnection, Customers
from schema.fields import field
from schema.members import Department, Member, MemberInput
from schema.pools import Pool
from schema.refusals import Forbidden, InvalidInput, NotFound
from schema.rules import RulesInput
from schema.scalars import Cursor
from schema.verbs import mutation


@strawberry.type
class MemberSaved:
    member: Member


@strawberry.type
class DepartmentSaved:
    department: Department


@strawberry.type
class PoolSaved:
    pool: Pool


@strawberry.type
class Imported:
    count: int


@strawberry.type
class Deactivated:
    member: Member
    released: int

    @field(
        CustomerConnection,
        description="Every customer that the member held in the end, and where it is by now.",
    )
    @staticmethod
    async def customers(
        root: strawberry.Parent["Deactivated"],
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
    ) -> Customers:
        loaders, leaver = info.context.loaders, cast(tables.Member, root.member)
        return await Customers.of(
            loaders.left_behind.load(leaver.id, first=first, after=after),
            lambda: loaders.count_left_behind.load(leaver.id),
        )


MemberResult = Annotated[
    MemberSaved | Forbidden | NotFound | InvalidInput, strawberry.union("MemberResult")
]
DepartmentResult = Annotated[
    DepartmentSaved | Forbidden | NotFound | InvalidInput, strawberry.union("DepartmentResult")
]
PoolResult = Annotated[
    PoolSaved | Forbidden | NotFound | InvalidInput, strawberry.union("PoolResult")
]
ImportResult = Annotated[
    Imported | Forbidden | NotFound | InvalidInput, strawberry.union("ImportResult")
]
DeactivateResult = Annotated[
    Deactivated | Forbidden | NotFound | InvalidInput, strawberry.union("DeactivateResult")
]


@strawberry.type
class Administration:
    @mutation(
        MemberResult,
        regards_access=True,
        description="Create or change; matched by id, else by email or name. Admins only.",
    )
    @staticmethod
    async def save_member(info: Info, member: MemberInput) -> Any:
        saved: Any = await members.save(info.context.viewer, **member.to_domain())
        return MemberSaved(member=saved)

    @mutation(DepartmentResult)
    @staticmethod
    async def save_department(info: Info, name: str, id: strawberry.ID | None = None) -> Any:
        department = ids.decode_given(id, "Department")
        saved: Any = await members.save_department(
            info.context.viewer, department, department is not None, name
        )
        return DepartmentSaved(department=saved)

    @mutation(PoolResult, regards_access=True)
    @staticmethod
    async def create_pool(info: Info, name: str, rules: RulesInput) -> Any:
        created: Any = await pools.create(info.context.viewer, name, rules.to_domain())
        return PoolSaved(pool=created)

    @mutation(PoolResult)
    @staticmethod
    async def update_pool_rules(info: Info, pool_id: strawberry.ID, rules: RulesInput) -> Any:
        pool = ids.decode(pool_id, "Pool")
        changed: Any = await pools.change_rules(info.context.viewer, pool, rules.to_domain())
        return PoolSaved(pool=changed)

    @mutation(
        PoolResult,
        regards_access=True,
        description="Who may see and claim from the pool, and who administers it.",
    )
    @staticmethod
    async def set_pool_access(
        info: Info,
        pool_id: strawberry.ID,
        member_ids: list[strawberry.ID],
        department_ids: list[strawberry.ID],
        administrator_ids: list[strawberry.ID],
    ) -> Any:
        changed: Any = await pools.set_access(
            info.context.viewer,
            ids.decode(pool_id, "Pool"),
            [ids.decode(id, "Member") for id in member_ids],
            [ids.decode(id, "Department") for id in department_ids],
            [ids.decode(id, "Member") for id in administrator_ids],
        )
        return PoolSaved(pool=changed)

    @mutation(
        ImportResult,
        description="Puts customers into a pool, unowned: a CSV text with a header row."
        " Nothing is imported if any row is bad.",
    )
    @staticmethod
    async def import_customers(info: Info, pool_id: strawberry.ID, csv: str) -> Any:
        pool = ids.decode(pool_id, "Pool")
        count = await importing.import_customers(info.context.viewer, pool, csv)
        return Imported(count=count)

    @mutation(
        DeactivateResult,
        description="Release everything a leaver holds and refuse them from now on.",
    )
    @staticmethod
    async def deactivate_member(
        info: Info, member_id: strawberry.ID, release_to_pool_id: strawberry.ID | None = None
    ) -> Any:
        member, released = await members.deactivate(
            info.context.viewer,
            ids.decode(member_id, "Member"),
            ids.decode_given(release_to_pool_id, "Pool"),
            release_to_pool_id is not None,
        )
        left: Any = member
        return Deactivated(member=left, released=released)
