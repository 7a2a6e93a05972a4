"""Pages by keyset: a page starts beside a row's key, so it stays put while rows come and go.

One statement with a lateral join answers for many parents of one organization at once.
"""

from models.paging.listing import INFINITY, Listing, Order, typed_key
from models.paging.page import Edge, Page
from models.paging.query import Query
from models.paging.reading import Found, read_pages
from models.paging.window import MOST, USUAL, Window

__all__ = [
    "INFINITY",
    "MOST",
    "USUAL",
    "Edge",
    "Found",
    "Listing",
    "Order",
    "Page",
    "Query",
    "Window",
    "read_pages",
    "typed_key",
]
