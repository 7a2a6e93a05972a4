"""The pages of many parents, made in turns: others are served meanwhile."""

import asyncio

from models.database.door import Row
from models.paging import Found, Page

# Rows that become models in one round of the event loop: 2,000 take 30 ms.
AT_ONCE = 250


async def pages_of(found: Found, model: type[Row]) -> list[Page[Row]]:
    pages, made = [], 0
    for n, rows in enumerate(found.rows):
        made += len(rows)
        if made > AT_ONCE:
            made = 0
            await asyncio.sleep(0)
        pages.append(found.page(n, model))
    return pages
