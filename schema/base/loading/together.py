"""Reads that many subscriptions need at once: one statement for all who ask in one round.

Nothing is kept: an answer was read after it was asked for, so after the event that woke them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar
from uuid import UUID

from models.alerts import inbox
from models.ledger.feed import Cursor
from models.tables import Customer, Member
from models.viewers import Viewer, find, viewers

Found = TypeVar("Found")
Read = Callable[[Viewer, Collection[UUID]], Awaitable[Mapping[UUID, Found]]]


class Together(Generic[Found]):
    def __init__(self, read: Read[Found]) -> None:
        self._read = read
        # By organization: what is asked for in this round, and the future of the answer.
        self._asked: dict[UUID, tuple[set[UUID], asyncio.Task[Mapping[UUID, Found]]]] = {}

    async def load(self, someone: Viewer, ids: Collection[UUID]) -> dict[UUID, Found]:
        """Rows of `someone`'s organization by id; their rights play no part."""
        if not ids:
            return {}
        organization_id = someone.organization.id
        if organization_id not in self._asked:
            task = asyncio.create_task(self._answer(someone))
            self._asked[organization_id] = (set(), task)
        asked, task = self._asked[organization_id]
        asked.update(ids)
        # Who leaves meanwhile must not end the others' read.
        found = await asyncio.shield(task)
        return {id: found[id] for id in ids if id in found}

    async def _answer(self, someone: Viewer) -> Mapping[UUID, Found]:
        # The task begins in the next round: by then all have asked.
        asked, _ = self._asked.pop(someone.organization.id)
        return await self._read(someone, asked)


class SharedReads:
    """What subscriptions read again for each batch of events."""

    def __init__(self) -> None:
        self.viewers: Together[Viewer] = Together(
            lambda someone, ids: viewers(someone.organization.id, ids)
        )
        self.customers: Together[Customer] = Together(
            lambda someone, ids: find(someone, Customer, ids)
        )
        self.members: Together[Member] = Together(lambda someone, ids: find(someone, Member, ids))
        self.read_cursors: Together[Cursor] = Together(inbox.read_cursors)
