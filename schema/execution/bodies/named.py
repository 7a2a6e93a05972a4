"""What a body names, seen before it is read as an operation: to read that with the member."""

import re
from collections.abc import Collection
from uuid import UUID

from starlette.requests import Request

from schema.execution.bodies.head import head_of

# A longer one may still be under way.
LONGEST = 16 * 1024
POOL = re.compile(rb"Pool_([0-9a-f]{32})")
MOST_POOLS = 3


async def pools_named(request: Request) -> Collection[UUID]:
    """Return the ids of the first pools that a short body names; the body can be read again."""
    head = head_of(request.scope)
    length = head.get("content-length", "")
    if not (length.isdecimal() and int(length) <= LONGEST):
        return ()
    if "application/json" not in head.get("content-type", ""):
        return ()
    found = dict.fromkeys(POOL.findall(await request.body()))
    return [UUID(each.decode()) for each in list(found)[:MOST_POOLS]]
