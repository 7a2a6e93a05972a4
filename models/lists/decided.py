"""Customers on which the viewer decides: of pools that they run all, else those of their people."""

from collections.abc import Iterable
from uuid import UUID

from models.paging import Query
from models.viewers import Viewer


def decided_by(viewer: Viewer, query: Query, pool_ids: Iterable[UUID], owner: str) -> str:
    """Return a condition on rows `c` of these pools; `owner` is the column of whose it is."""
    if viewer.administered.issuperset(pool_ids):
        return ""
    administered, people = query.add(list(viewer.administered)), query.add(list(viewer.people))
    return f" AND (c.pool_id = ANY({administered}::uuid[]) OR {owner} = ANY({people}::uuid[]))"
