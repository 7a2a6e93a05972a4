"""A search that reads the names of a pool in the order of the page, from an index alone.

The search index finds all customers with a term, of whom a page shows the first. Of a frequent
term this finds these first ones sooner, however many there are.
"""

from dataclasses import dataclass, fields

from models.database.seal import Seal
from models.lists.frequent_signs import shares
from models.lists.search import IN_ONE_POOL, grams_of, shown_name
from models.paging import Found, Listing, Query, Window, read_pages

# The search index finds fewer names than these in the same time in each organization.
FEWEST_FOUND = 500
# To read so many names takes 0.7 ms.
MOST_EXPECTED = 8_000
# In a pool where the term is rarer than in others.
MOST_WALKED = 2 * MOST_EXPECTED
# The index `customer_pooled` has these columns.
INDEXED = "c.id, c.pool_id, c.opened_at, c.search_name, c.masked_name"
IN_ORDER = "c.opened_at"
UNHELD = "c.pool_id = parent.id AND c.owner_id IS NULL"


@dataclass(frozen=True, slots=True)
class NameWalk(Listing):
    """A list that reads MOST_WALKED names at most; `found` is the condition on them."""

    found: str = ""

    def sql(self, parents: str, where: str, limit: int) -> str:
        by = self.order.by()
        walked = f"""
SELECT {INDEXED} FROM {self.table} c WHERE c.organization_id = $1 AND {where}
ORDER BY {by} LIMIT {MOST_WALKED}"""
        ids = f"SELECT c.id FROM ({walked}) AS c WHERE {self.found} ORDER BY {by} LIMIT {limit}"
        return Listing.sql(self, parents, f"c.id = ANY (ARRAY({ids}))", limit)

    def some_sql(self, parents: str, where: str) -> str:
        return Listing.some_sql(self, parents, f"{where} AND {self.found}")


class Unwalked(Listing):
    """Which pools have names behind those that a walk reads."""

    def sql(self, parents: str, where: str, limit: int) -> str:
        return self.some_sql(parents, f"{where} ORDER BY {self.order.by()} OFFSET {MOST_WALKED}")


async def walk_names(
    query: Query, listing: Listing, term: str, window: Window, seal: Seal
) -> Found | None:
    """Return a page of the query's only pool; None if the search index is better for the term."""
    if listing.order.key != IN_ORDER or not await _is_frequent(term, window):
        return None
    own, rest = Query(*query.values), Query(*query.values[:2])
    own.from_standby = rest.from_standby = True
    same = {each.name: getattr(listing, each.name) for each in fields(listing)}
    walk = NameWalk(**same, found=shown_name(own, term))
    page = await read_pages(own, walk, IN_ONE_POOL, UNHELD, window, seal)
    if len(page.rows[0]) > window.count:
        return page
    unwalked = Unwalked(listing.name, listing.table, "", listing.order)
    more = await read_pages(rest, unwalked, IN_ONE_POOL, UNHELD, window, seal)
    return None if more.rows[0] else page


async def _is_frequent(term: str, window: Window) -> bool:
    share, found = await shares.rarest(grams_of(term))
    return found >= FEWEST_FOUND and window.count < share * MOST_EXPECTED
