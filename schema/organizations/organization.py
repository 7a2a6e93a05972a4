"""The organization and its departments."""

import strawberry

from models import tables
from models.duplicates import misses
from models.organizations.calendar import CalendarYear, calendar_year
from models.webhooks import webhooks
from schema.base.context import Info
from schema.base.enums import DuplicateKey
from schema.base.fields import field
from schema.base.nodes import Node, shows
from schema.organizations.calendar import Calendar
from schema.organizations.many_misses import ManyMisses
from schema.webhooks import Webhook


@strawberry.type
class Department(Node):
    is_type_of = shows(tables.Department)
    name: str


@strawberry.type
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

    @field(list[Department])
    @staticmethod
    async def departments(
        root: strawberry.Parent[tables.Organization],
    ) -> list[tables.Department]:
        return await tables.Department.filter(organization_id=root.id).order_by("name", "id")
