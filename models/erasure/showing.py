"""How an erased customer looks to those who may see its history."""

from collections.abc import Sequence
from uuid import UUID

from models.erasure.erase_statements import ERASED_NAME
from models.tables import Customer
from models.texts.text import Reader, render
from models.viewers import Viewer, find


async def find_shown(viewer: Viewer, reader: Reader, ids: Sequence[UUID]) -> list[Customer | None]:
    """Return the customers by their ids, as `shown`."""
    rows = await find(viewer, Customer, ids)
    return [shown(rows[id], reader) if id in rows else None for id in ids]


def shown(customer: Customer, reader: Reader) -> Customer:
    """Put an erased one back where it was, under a name in the reader's language; to look at only.

    No verb finds it there: for them it lies in no pool.
    """
    if customer.erased_at and customer.erased_from:
        customer.name = render(ERASED_NAME, reader)
        customer.pool_id = customer.erased_from
    return customer
