"""A page of colleagues."""

from uuid import UUID

from models.lists.search import like_pattern, search_term
from models.paging import Listing, Order, Page, Query, Window, read_pages
from models.tables import Member, works_in
from models.viewers import Viewer

MEMBERS = Listing("members", "member", "c.*", Order('c.name COLLATE "C"', "text"))


async def list_members(
    viewer: Viewer,
    *,
    window: Window,
    search: str | None,
    department_id: UUID | None,
) -> Page[Member]:
    """Colleagues by name: all for managers, else the viewer and the people whom they lead.

    Of a department, its members and those of the departments below it.
    """
    query = Query(viewer.organization.id)
    where = "true"
    if not viewer.manages:
        where += f" AND c.id = ANY({query.add(viewer.holders)}::uuid[])"
    if department_id:
        where += f" AND {works_in('c', query.add(department_id) + '::uuid')}"
    if term := search_term(search):
        like = query.add(like_pattern(term))
        where += f" AND (searchable(c.name) LIKE {like} OR lower(c.email) LIKE {like})"
    parents = "(SELECT $1::uuid AS id, 1 AS n) AS parent"
    found = await read_pages(query, MEMBERS, parents, where, window, viewer.seal)
    return found.page(0, Member)
