"""The organization and its departments."""

from collections.abc import Awaitable

import strawberry

from models import tables
from models.channels import owning, quiet_hours
from models.duplicates import misses
from models.organizations.calendar import CalendarYear, calendar_year
from models.webhooks import webhooks
from schema.base.context import Info
from schema.base.enums import DuplicateKey
from schema.base.fields import field
from schema.base.nodes import Node, shows
from schema.base.references import DEPARTMENT, MEMBER
from schema.channels.channel import Channel
from schema.channels.quiet_hours import QuietHours
from schema.organizations.calendar import Calendar
from schema.organizations.many_misses import ManyMisses
from schema.webhooks import Webhook


@strawberry.type(description="Departments are a tree; access and capacities hold below too.")
class Department(Node):
    is_type_of = shows(tables.Department)
    name: str

    @field(DEPARTMENT | None, description="The department above it; null where none is.")
    @staticmethod
    def parent(
        root: strawberry.Parent[tables.Department], info: Info
    ) -> Awaitable[tables.Department | None] | None:
        return info.context.loaders.departments.load(root.parent_id) if root.parent_id else None

    @field(
        MEMBER | None,
        description="Sees and decides for the people of the department and of all below it.",
    )
    @staticmethod
    def lead(
        root: strawberry.Parent[tables.Department], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.lead_id) if root.lead_id else None


@strawberry.type(description="A company: nothing of it is seen by another.")
class Organization(Node):
    is_type_of = shows(tables.Organization)
    name: str
    time_zone: str
    duplicate_keys: list[DuplicateKey] = strawberry.field(
        description="The keys that refuse a registration; the others only warn."
    )
    lookup_limit: int = strawberry.field(
        description="How many duplicates a member may look up in an hour."
    )
    export_limit: int = strawberry.field(
        description="How many customers a member may export a day from pools that others"
        " administer."
    )

    @field(
        list[ManyMisses],
        description="Members who looked up much in a day that no customer has, the newest first;"
        " at most 100. Admins only.",
    )
    @staticmethod
    async def many_misses(
        root: strawberry.Parent[tables.Organization], info: Info
    ) -> list[misses.ManyMisses]:
        return await misses.many_misses(info.context.viewer)

    @field(Calendar, description="Which days of the year are working days.")
    @staticmethod
    def calendar(root: strawberry.Parent[tables.Organization], year: int) -> CalendarYear:
        return calendar_year(root, year)

    @field(list[Webhook], description="The URLs that receive its events. Admins only.")
    @staticmethod
    async def webhooks(
        root: strawberry.Parent[tables.Organization], info: Info
    ) -> list[tables.Webhook]:
        return await webhooks.of_organization(info.context.viewer)

    @field(QuietHours | None, description="When channels without hours of their own send nothing.")
    @staticmethod
    async def quiet_hours(
        root: strawberry.Parent[tables.Organization], info: Info
    ) -> quiet_hours.QuietHours | None:
        return await quiet_hours.quiet_hours(info.context.viewer)

    @field(list[Channel], description="Where alerts of all its members go. Admins only.")
    @staticmethod
    async def channels(
        root: strawberry.Parent[tables.Organization], info: Info
    ) -> list[tables.Channel]:
        return await owning.of_organization(info.context.viewer)

    @field(list[Department], description="All of them, by name; each tells its parent.")
    @staticmethod
    async def departments(
        root: strawberry.Parent[tables.Organization],
    ) -> list[tables.Department]:
        return await tables.Department.filter(organization_id=root.id).order_by("name", "id")
