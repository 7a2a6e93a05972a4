"""Pages and counts of pools that members ask for at the same time: read once for all of them.

Who hears of a change reads the page again, and so do all others who hear of it. So nobody may
change the rows that these functions return. The viewers have to see the pools.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from models.lists.customer_counts import count_pooled
from models.lists.customers import pooled_customers, pooled_with_terms
from models.paging import Page
from models.tables import Customer, Pool
from models.taking.terms import Asking, Terms, terms_of_each
from models.together import Together
from models.viewers import Viewer

Found = TypeVar("Found")
PagesWithTerms = tuple[dict[UUID, Page[Customer]], Terms]
# Of an organization, these pools, in this way.
Wanted: TypeAlias = tuple[UUID, tuple[UUID, ...], tuple[tuple[str, Hashable], ...]]


class Shared(Generic[Found]):
    """A read of pools that tells the same to all who see them."""

    def __init__(self, read: Callable[..., Awaitable[dict[UUID, Found]]]) -> None:
        self._read = read
        self._together = Together(self._read_for_all)

    async def __call__(
        self, viewer: Viewer, pool_ids: Sequence[UUID], **how: Hashable
    ) -> dict[UUID, Found]:
        """As the read, with the same arguments."""
        wanted = (viewer.organization.id, tuple(pool_ids), tuple(how.items()))
        return await self._together.ask(wanted, viewer)

    async def _read_for_all(self, wanted: Wanted, viewers: list[Viewer]) -> list[dict[UUID, Found]]:
        _, pool_ids, how = wanted
        return [await self._read(viewers[0], pool_ids, **dict(how))] * len(viewers)


shared_pooled = Shared(pooled_customers)
shared_count_pooled = Shared(count_pooled)


async def shared_with_terms(
    viewer: Viewer, pools: Mapping[UUID, Pool], **how: Hashable
) -> PagesWithTerms:
    """As pooled_with_terms, with the same arguments."""
    wanted = (viewer.organization.id, tuple(pools), tuple(how.items()))
    return await _with_terms.ask(wanted, (viewer, pools))


async def _read_with_terms(wanted: Wanted, asking: list[Asking]) -> list[PagesWithTerms]:
    """One asks by one statement; of many, what each may claim is a statement of its own."""
    (viewer, pools), how = asking[0], dict[str, Any](wanted[2])
    if len(asking) == 1:
        return [await pooled_with_terms(viewer, pools, **how)]
    pages = await pooled_customers(viewer, wanted[1], **how)
    customers = [each for page in pages.values() for each in page.nodes]
    return [(pages, terms) for terms in await terms_of_each(asking, customers)]


_with_terms = Together(_read_with_terms)
