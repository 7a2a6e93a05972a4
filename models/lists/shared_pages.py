"""Pages of pools that members ask for at the same time: read once for all of them.

Who hears of a change reads the page again, and so do all others who hear of it.
"""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from models.lists.customers import pooled_customers, pooled_with_terms
from models.paging import Page, Window
from models.tables import Customer, Pool
from models.taking.terms import Asking, Terms, terms_of_each
from models.together import Together
from models.viewers import Viewer

PagesWithTerms = tuple[dict[UUID, Page[Customer]], Terms]


class Wanted(NamedTuple):
    organization_id: UUID
    pool_ids: tuple[UUID, ...]
    window: Window
    order: str
    search: str | None
    level: str | None


async def shared_with_terms(
    viewer: Viewer,
    pools: Mapping[UUID, Pool],
    *,
    window: Window,
    order: str,
    search: str | None,
    level: str | None,
) -> PagesWithTerms:
    """As pooled_with_terms. The pages are those of others too: nobody may change them.

    The viewer has to see the pools. Raises InvalidInput.
    """
    wanted = Wanted(viewer.organization.id, tuple(pools), window, order, search, level)
    return await _pages.ask(wanted, (viewer, pools))


async def _read(wanted: Wanted, asking: list[Asking]) -> list[PagesWithTerms]:
    """One asks by one statement; of many, what each may claim is a statement of its own."""
    viewer, pools = asking[0]
    how = {name: getattr(wanted, name) for name in ("window", "order", "search", "level")}
    if len(asking) == 1:
        return [await pooled_with_terms(viewer, pools, **how)]
    pages = await pooled_customers(viewer, wanted.pool_ids, **how)
    customers = [each for page in pages.values() for each in page.nodes]
    return [(pages, terms) for terms in await terms_of_each(asking, customers)]


_pages = Together(_read)
