"""Extensions read from the ledger: each request with its decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.lists.decided import decided_by
from models.paging import Found, Listing, Order, Page, Query, Window, read_pages
from models.rules.durations import Span
from models.tables import TEXTS, TOLD_COLUMNS, Event
from models.viewers import Viewer

DECIDED = {"EXTENDED": "APPROVED", "EXTENSION_DECLINED": "DECLINED"}
BY_TIME = Order("c.seq", "bigint", descending=True)
# Of a request `c`: its decision, and whether the ownership that it was asked for lasts.
COLUMNS = f"""{TOLD_COLUMNS}, d.id AS decision_id, d.action AS decision, d.actor_id AS decider_id,
  coalesce(said.reason, d.reason) AS note, held.epoch IS NOT NULL AS lasts"""
JOINED = f"""
  {TEXTS}
  LEFT JOIN event d ON d.organization_id = c.organization_id
    AND d.details ->> 'extension' = c.id::text AND d.action IN ('EXTENDED', 'EXTENSION_DECLINED')
  LEFT JOIN event_text said ON said.organization_id = d.organization_id AND said.id = d.id
  LEFT JOIN customer held ON held.organization_id = c.organization_id AND held.id = c.customer_id
    AND held.epoch = c.epoch
"""
FOUND = f"""
SELECT {COLUMNS} FROM event c {JOINED}
WHERE c.organization_id = $1 AND c.id = ANY($2) AND c.action = 'EXTENSION_REQUESTED'
"""
ASKED = f"""(
  SELECT {COLUMNS} FROM event c {JOINED}
  WHERE c.organization_id = $1 AND c.action = 'EXTENSION_REQUESTED')"""
IN_STATUS = {
    "PENDING": " AND decision_id IS NULL AND lasts",
    "APPROVED": " AND decision = 'EXTENDED'",
    "DECLINED": " AND (decision = 'EXTENSION_DECLINED' OR (decision_id IS NULL AND NOT lasts))",
}
OF_POOL = "unnest($2::uuid[]) WITH ORDINALITY AS parent(id, n)"


@dataclass(frozen=True, slots=True)
class Extension:
    """`decider_id` and `note` are None while it waits, and if it lapsed with its ownership."""

    request: Event
    status: str
    decider_id: UUID | None
    note: str | None

    @property
    def id(self) -> UUID:
        return self.request.id

    @property
    def by(self) -> Span:
        return Span.parse(self.request.details["by"])


async def visible_extensions(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Extension]:
    """Return those of the ids that the viewer asked for or may decide."""
    return {
        each.id: each
        for each in await find_extensions(viewer, ids)
        if each.request.actor_id == viewer.id or may_decide(viewer, each)
    }


async def extensions_of_pools(
    viewer: Viewer, pool_ids: Sequence[UUID], *, window: Window, status: str
) -> dict[UUID, Page[Extension]]:
    """Return a page of extensions for each pool, the latest first."""
    where = "c.pool_id = parent.id" + IN_STATUS[status]
    listing = Listing(f"extensions {status}", ASKED, "c.*", BY_TIME)
    query = Query(viewer.organization.id, list(pool_ids))
    where += decided_by(viewer, query, pool_ids, "c.actor_id")
    of_all = (OF_POOL, where, window, viewer.seal, len(pool_ids))
    found = await read_pages(query, listing, *of_all)
    return {id: _page(found, n) for n, id in enumerate(pool_ids)}


async def find_extensions(viewer: Viewer, ids: Iterable[UUID]) -> list[Extension]:
    rows = await database.rows(FOUND, viewer.organization.id, list(ids))
    return [_extension(row) for row in rows]


def _page(found: Found, n: int) -> Page[Extension]:
    return found.page(n, Event).showing(map(_extension, found.shown(n)))


def _extension(row: Mapping[str, Any]) -> Extension:
    waits = "PENDING" if row["lasts"] else "DECLINED"
    return Extension(
        request=database.as_model(Event, row),
        status=DECIDED.get(row["decision"], waits),
        decider_id=row["decider_id"],
        note=row["note"],
    )


def may_decide(viewer: Viewer, extension: Extension) -> bool:
    pool_id, owner_id = extension.request.pool_id, extension.request.actor_id
    return owner_id in viewer.people or (pool_id is not None and viewer.administers(pool_id))
