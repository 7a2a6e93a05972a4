"""The pages of many parents, made in turns: others are served meanwhile."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from models.database.door import Row
from models.database.pagination import Listing, Page, page_of
from models.database.seal import Seal

# Rows that become models in one round of the event loop: 2,000 take 30 ms.
AT_ONCE = 250


async def pages_of(
    grouped: Sequence[Sequence[Mapping[str, Any]]],
    model: type[Row],
    listing: Listing,
    first: int,
    seal: Seal,
) -> list[Page[Row]]:
    pages, made = [], 0
    for rows in grouped:
        made += len(rows)
        if made > AT_ONCE:
            made = 0
            await asyncio.sleep(0)
        pages.append(page_of(rows, model, listing, first, seal))
    return pages
