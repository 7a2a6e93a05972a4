"""The queries, and the objects that `node` finds by global id."""

import strawberry

from models import tables
from models.lists.members import list_members
from models.paging import Page, Window
from models.viewers import find
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.inputs.windows import connection
from schema.base.nodes import Node
from schema.customers.customer import Customer
from schema.customers.registration import Duplicates
from schema.node_finders import find_customers, find_node, find_nodes, find_pools
from schema.organizations.members import Member, MemberConnection
from schema.organizations.organization import Department, Organization
from schema.pools.pool import Pool
from schema.pools.preview import Previews
from schema.pools.reports import Reports
from schema.sheets.preview import ImportPreviews
from schema.sheets.progress import ImportProgresses


@strawberry.type
class Query(Duplicates, Previews, Reports, ImportPreviews, ImportProgresses):
    @field(Member, description="The member who asks, by their token.")
    @staticmethod
    def viewer(info: Info) -> tables.Member:
        return info.context.viewer.member

    @field(Node | None, description="Any object the viewer may see, else null.")
    @staticmethod
    async def node(info: Info, id: strawberry.ID) -> object:
        return await find_node(info, id)

    @field(
        list[Node | None],
        description="Objects in the order of their ids, null for each that the viewer can't see.",
    )
    @staticmethod
    async def nodes(info: Info, ids: list[strawberry.ID]) -> list[object]:
        return await find_nodes(info, ids)

    @field(
        list[Pool],
        description="Pools that the viewer may claim from or administer.",
    )
    @staticmethod
    async def pools(info: Info) -> list[tables.Pool]:
        viewer = info.context.viewer
        pools = await find(viewer, tables.Pool, viewer.open_pools)
        info.context.loaders.pools.prime_many(pools.items())
        return sorted(pools.values(), key=lambda pool: (pool.name, pool.id))

    @field(Pool | None, description="Null for one that the viewer may not see.")
    @staticmethod
    async def pool(info: Info, id: strawberry.ID) -> tables.Pool | None:
        row_id = ids.decode(id, "Pool")
        return (await find_pools(info, [row_id])).get(row_id)

    @field(
        Customer | None,
        description="Null for one that the viewer may not see; the kept one for one that was"
        " merged into it.",
    )
    @staticmethod
    async def customer(info: Info, id: strawberry.ID) -> tables.Customer | None:
        row_id = ids.decode(id, "Customer")
        return (await find_customers(info, [row_id])).get(row_id)

    @field(Organization, description="The viewer's own: nobody sees another one.")
    @staticmethod
    def organization(info: Info) -> tables.Organization:
        return info.context.viewer.organization

    @field(list[Department], description="The departments that the viewer leads, by name.")
    @staticmethod
    async def led_departments(info: Info) -> list[tables.Department]:
        viewer = info.context.viewer
        return await viewer.of(tables.Department).filter(lead_id=viewer.id).order_by("name", "id")

    @connection(
        MemberConnection,
        description="Colleagues, to assign and transfer customers to: managers, pool administrators"
        " and admins see all, others themselves and the people whom they lead. Who works below a"
        " department is one of its members.",
    )
    @staticmethod
    async def members(
        info: Info,
        window: Window,
        search: str | None = None,
        department_id: strawberry.ID | None = None,
    ) -> Page[tables.Member]:
        return await list_members(
            info.context.viewer,
            window=window,
            search=search,
            department_id=ids.decode_given(department_id, "Department"),
        )
