"""Pages of the versions of a pool's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.lists.customers import IN_POOL
from models.paging import Found, Listing, Order, Page, Query, Window, read_pages
from models.rules.rules import Rules
from models.tables import PoolRules
from models.viewers import Viewer

UNDONE_BY = (
    "(SELECT e.actor_id FROM event e WHERE e.organization_id = $1"
    " AND e.pool_id = c.pool_id AND e.action = 'RELEASES_UNDONE'"
    " AND e.details ->> 'version' = c.version::text ORDER BY e.seq DESC LIMIT 1)"
)
LISTING = Listing(
    "rules versions",
    "pool_rules",
    f"c.*, {UNDONE_BY} AS undone_by",
    Order("c.version", "bigint", descending=True),
)


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """The members are ids; `undone_by` took its releases back last, None if nobody did."""

    version: int
    rules: Rules
    saved_by: UUID | None
    at: datetime
    undone_by: UUID | None


async def rules_versions(
    viewer: Viewer, pool_ids: Sequence[UUID], *, window: Window
) -> dict[UUID, Page[RulesVersion]]:
    """Return a page for each pool, the latest version first."""
    query = Query(viewer.organization.id, list(pool_ids))
    of_all = (IN_POOL, "c.pool_id = parent.id", window, viewer.seal, len(pool_ids))
    found = await read_pages(query, LISTING, *of_all)
    return {id: _page(found, n) for n, id in enumerate(pool_ids)}


def _page(found: Found, n: int) -> Page[RulesVersion]:
    stored = found.page(n, PoolRules)
    return stored.showing(
        RulesVersion(each.version, each.rules, each.actor_id, each.at, row["undone_by"])
        for each, row in zip(stored.nodes, found.shown(n), strict=True)
    )
