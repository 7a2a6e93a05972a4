"""Reads the members of requests that come together by one statement, whatever their organizations.

A statement costs more than a row. It begins after each request that it answers has come, so it sees
all that this request's member has seen before. Nothing is kept.
"""

import asyncio
from uuid import UUID

from models.viewers import MemberKey, Viewer, viewers

# So many statements run at once; who comes meanwhile waits for the next one, and for each other.
AT_ONCE = 2


class Arrivals:
    def __init__(self) -> None:
        self._waiting: dict[MemberKey, asyncio.Future[Viewer | None]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def viewer(self, organization_id: UUID, member_id: UUID) -> Viewer | None:
        """The member as of now; None where there is none or they have left."""
        key = (organization_id, member_id)
        found = self._waiting.get(key)
        if found is None:
            loop = asyncio.get_running_loop()
            found = self._waiting[key] = loop.create_future()
            if len(self._reading) < AT_ONCE:
                task = loop.create_task(self._read())
                self._reading.add(task)
                task.add_done_callback(self._reading.discard)
        # Who leaves meanwhile must not end the others' read.
        return await asyncio.shield(found)

    async def _read(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                found = await viewers(asked)
            except Exception as fault:
                for future in asked.values():
                    future.set_exception(fault)
                    future.exception()  # Known, also where nobody waits any more.
            else:
                for key, future in asked.items():
                    future.set_result(found.get(key))
