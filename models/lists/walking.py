"""All rows of a list, page by page: between two pages no connection and no snapshot is kept."""

from collections.abc import AsyncGenerator, Sequence
from uuid import UUID

from models import database
from models.database.door import Row, as_models
from models.paging import Listing, Query, typed_key


async def walk(
    model: type[Row],
    listing: Listing,
    parents: str,
    where: str,
    organization_id: UUID,
    *values: object,
    size: int,
    most: int,
) -> AsyncGenerator[Sequence[Row]]:
    """Yield up to `most` rows in pages of `size`; `values` follow $1, the organization.

    A row that changes meanwhile so that its key is behind the last page is not seen, or not again.
    """
    order, after = listing.order, None
    while most > 0:
        query, limit = Query(organization_id, *values), min(size, most)
        beyond = f" AND {order.after(*map(query.add, after))}" if after else ""
        sql = listing.sql(parents, where + beyond, limit)
        rows = await database.records_of_standby(sql, *query.values)
        if rows:
            yield as_models(model, rows)
            after = (typed_key(rows[-1]["page_key"], order), rows[-1]["id"])
        most = most - len(rows) if len(rows) == limit else 0
