"""The rows of sheets, in pages: each is read as it is then."""

from collections.abc import AsyncGenerator, Sequence

from models.exports.sheets import Sheet
from models.ledger.actions import PUBLIC, in_sql
from models.lists.customers import HELD, HELD_WHERE, OF_MEMBER, POOLED
from models.lists.history import EVENTS, OF_BOTH
from models.lists.search import IN_ONE_POOL
from models.lists.walking import walk
from models.paging import Listing
from models.tables import CUSTOMER_COLUMNS, Customer, Event
from models.viewers import Viewer

# So many become cells in one turn of the event loop.
SIZE = 200

# The newest first: a customer that moves meanwhile moves before the page that is read, so it comes
# once at most.
OPEN = Listing("sheet", "customer", CUSTOMER_COLUMNS, POOLED["OPENED_LATEST"])
HELD_BY = Listing("sheet", "customer", CUSTOMER_COLUMNS, HELD["CLAIMED_LATEST"])


def open_customers(viewer: Viewer, sheet: Sheet, most: int) -> AsyncGenerator[Sequence[Customer]]:
    where = "c.pool_id = parent.id AND c.owner_id IS NULL"
    whose = (viewer.organization.id, [sheet.pool_id])
    return walk(Customer, OPEN, IN_ONE_POOL, where, *whose, size=SIZE, most=most)


def held_customers(viewer: Viewer, sheet: Sheet, most: int) -> AsyncGenerator[Sequence[Customer]]:
    pools = None if viewer.is_admin else list(viewer.open_pools)
    whose = (viewer.organization.id, [sheet.member_id], [sheet.pool_id], pools, viewer.holders)
    return walk(Customer, HELD_BY, OF_MEMBER, HELD_WHERE, *whose, size=SIZE, most=most)


def events(viewer: Viewer, customer: Customer, most: int) -> AsyncGenerator[Sequence[Event]]:
    """The public events, newest first, with those of whatever it absorbed."""
    where = f"{OF_BOTH} AND c.action IN {in_sql(PUBLIC)}"
    parents = "unnest($2::uuid[]) WITH ORDINALITY AS parent(id, n)"
    whose = (viewer.organization.id, [customer.id])
    return walk(Event, EVENTS, parents, where, *whose, size=SIZE, most=most)
