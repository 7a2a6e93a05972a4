"""What a body names, seen before it is read as an operation: to read that with the member."""

import re
from collections.abc import Collection
from uuid import UUID

from starlette.requests import Request

from schema.execution.bodies.head import head_of
from schema.execution.bodies.reading import first_chunk

# A longer one may still be under way.
LONGEST = 16 * 1024
POOL = re.compile(rb"Pool_([0-9a-f]{32})")
MOST_POOLS = 3


async def pools_named(request: Request) -> Collection[UUID]:
    """Return the ids of the first pools that a short body names in its first chunk."""
    length = head_of(request.scope).get("content-length", "")
    if not (length.isdecimal() and int(length) <= LONGEST):
        return ()
    found = dict.fromkeys(POOL.findall(await first_chunk(request)))
    return [UUID(each.decode()) for each in list(found)[:MOST_POOLS]]
