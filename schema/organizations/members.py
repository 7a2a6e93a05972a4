"""Members, their departments and private pools, and the organization."""

from collections.abc import Awaitable
from datetime import date
from uuid import UUID

import strawberry

from models import tables
from models.alerts import inbox
from models.channels import owning
from models.organizations.departments import UNCHANGED, Unchanged
from models.organizations.members import MemberFields
from models.paging import Page, Window
from models.pools import private_pools
from models.refusals import Forbidden, NotFound
from schema.alerts import AlertConnection
from schema.base import ids
from schema.base.context import Info
from schema.base.enums import Role
from schema.base.fields import field
from schema.base.inputs.windows import connection
from schema.base.nodes import Node, Paged, shows
from schema.channels.channel import Channel
from schema.organizations.organization import Department
from schema.organizations.private_pool import PrivatePool


@strawberry.type(description="Whole days of the organization, both included.")
class Absence:
    first: date = strawberry.field(name="from")
    last: date = strawberry.field(name="to")


@strawberry.type(description="A person of the organization; one who left stays in histories.")
class Member(Node):
    is_type_of = shows(tables.Member)

    name: str
    email: str
    role: Role
    active: bool
    absences: list[Absence] = strawberry.field(
        description="Present, coming and past ones, the earliest first. Nothing is dealt out to an"
        " absent member."
    )

    @field(Department | None)
    @staticmethod
    def department(
        root: strawberry.Parent[tables.Member], info: Info
    ) -> Awaitable[tables.Department | None] | None:
        if root.department_id is None:
            return None
        return info.context.loaders.departments.load(root.department_id)

    @field(PrivatePool, description="Of one pool, or of all pools together.")
    @staticmethod
    async def private_pool(
        root: strawberry.Parent[tables.Member], info: Info, pool_id: strawberry.ID | None = None
    ) -> private_pools.PrivatePool:
        viewer = info.context.viewer
        if not viewer.holds(root.id) and not viewer.manages:
            raise Forbidden("Only managers and administrators see a colleague's private pool.")
        pool = ids.decode_given(pool_id, "Pool")
        if pool and await info.context.loaders.pools.load(pool) is None:
            raise NotFound
        found = await info.context.loaders.private_pools.load((root, pool))
        if pool and not found.held and not viewer.sees_pool(pool):
            raise NotFound
        return found

    @connection(AlertConnection)
    @staticmethod
    async def alerts(
        root: strawberry.Parent[tables.Member],
        info: Info,
        window: Window,
        unread_only: bool = False,
    ) -> Page[inbox.Alert]:
        viewer = info.context.viewer
        if root.id != viewer.id:
            raise Forbidden("Only the member can see these alerts.")
        return await inbox.inbox(viewer, window=window, unread_only=unread_only)

    @field(list[Channel], description="Where the member's own alerts go. The member only.")
    @staticmethod
    async def channels(root: strawberry.Parent[tables.Member], info: Info) -> list[tables.Channel]:
        viewer = info.context.viewer
        if root.id != viewer.id:
            raise Forbidden("Only the member can see these channels.")
        return await owning.of_member(viewer)


@strawberry.type
class MemberConnection(Paged[Member]):
    pass


@strawberry.input
class MemberInput:
    name: str
    email: str
    id: strawberry.ID | None = None
    role: Role = Role.SALES
    department_id: strawberry.ID | None = strawberry.UNSET

    def to_domain(self) -> MemberFields:
        return MemberFields(
            name=self.name,
            email=self.email,
            role=self.role.value,
            department_id=decode_change(self.department_id, "Department"),
        )


def decode_change(id: strawberry.ID | None, type_name: str) -> UUID | Unchanged | None:
    """Return what a change gives: an id, None for null, UNCHANGED where it is left out."""
    return UNCHANGED if id is strawberry.UNSET else ids.decode_given(id, type_name)
