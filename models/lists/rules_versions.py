"""Pages of the versions of a pool's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.database.pagination import Listing, Order, Page, Query, by_parent, page_of, page_rows
from models.database.seal import Seal
from models.lists.customers import IN_POOL
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
    viewer: Viewer, pool_ids: Sequence[UUID], *, first: int, after: str | None
) -> dict[UUID, Page[RulesVersion]]:
    """Return a page for each pool, the latest version first."""
    query = Query(viewer.organization.id, list(pool_ids))
    where = "c.pool_id = parent.id"
    rows = await page_rows(query, LISTING, IN_POOL, where, first, after, viewer.seal)
    grouped = by_parent(rows, len(pool_ids))
    pages = [_page(each, first, viewer.seal) for each in grouped]
    return dict(zip(pool_ids, pages, strict=True))


def _page(rows: Sequence[Mapping[str, Any]], first: int, seal: Seal) -> Page[RulesVersion]:
    stored = page_of(rows, PoolRules, LISTING, first, seal)
    nodes = [
        RulesVersion(each.version, each.rules, each.actor_id, each.at, row["undone_by"])
        for each, row in zip(stored.nodes, rows, strict=False)
    ]
    return Page(nodes, stored.has_next, stored.end_cursor)
