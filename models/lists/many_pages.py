"""The pages of many parents, made in turns: others are served meanwhile."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from models.database.door import NOTHING, Row
from models.paging import Found, Page

# Rows that become models in one round of the event loop: 2,000 take 30 ms.
AT_ONCE = 250


async def pages_of(
    found: Found, model: type[Row], known: Sequence[Mapping[str, Any]] = ()
) -> list[Page[Row]]:
    """`known` are the columns of each parent's rows that were not read."""
    pages, made = [], 0
    for n, rows in enumerate(found.rows):
        made += len(rows)
        if made > AT_ONCE:
            made = 0
            await asyncio.sleep(0)
        pages.append(found.page(n, model, known[n] if known else NOTHING))
    return pages
