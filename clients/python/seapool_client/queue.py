"""Claims made without a connection. Each keeps its key, so that a replay never claims twice."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from seapool_client.client import Client
from seapool_client.errors import SeapoolError, Unauthenticated
from seapool_client.generated import ClaimCustomer
from seapool_client.retries import is_passing


@dataclass(frozen=True)
class QueuedClaim:
    """`queued_at` is ISO 8601, by the server's clock as far as it is known."""

    customer_id: str
    key: str
    queued_at: str


@dataclass(frozen=True)
class Replayed:
    """The API's answer to a claim, or the error that no second attempt would mend."""

    claim: QueuedClaim
    outcome: ClaimCustomer | None
    error: SeapoolError | None


class Storage(Protocol):
    """Where the queue lies between two starts of the app."""

    def load(self) -> list[QueuedClaim]: ...
    def save(self, claims: list[QueuedClaim]) -> None: ...


class MemoryStorage:
    def __init__(self) -> None:
        self._claims: list[QueuedClaim] = []

    def load(self) -> list[QueuedClaim]:
        return list(self._claims)

    def save(self, claims: list[QueuedClaim]) -> None:
        self._claims = list(claims)


class FileStorage:
    """A JSON file, replaced as a whole: a crash leaves the queue of before or after."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> list[QueuedClaim]:
        if not self._path.exists():
            return []
        return [QueuedClaim(**each) for each in json.loads(self._path.read_text("utf-8"))]

    def save(self, claims: list[QueuedClaim]) -> None:
        beside = self._path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump([asdict(each) for each in claims], file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


class ClaimQueue:
    def __init__(self, client: Client, storage: Storage | None = None) -> None:
        self._client = client
        self._storage = storage or MemoryStorage()
        self._turn = asyncio.Lock()

    @property
    def waiting(self) -> list[QueuedClaim]:
        return self._storage.load()

    def add(self, customer_id: str) -> QueuedClaim:
        """Keep a claim. A customer that waits already keeps its first key."""
        claims = self._storage.load()
        known = next((each for each in claims if each.customer_id == customer_id), None)
        if known:
            return known
        claim = QueuedClaim(customer_id, uuid4().hex, self._client.clock.now().isoformat())
        self._storage.save([*claims, claim])
        return claim

    async def replay(self) -> AsyncIterator[Replayed]:
        """Send what waits, in order. What was answered leaves the queue after it is yielded.

        Raises SeapoolError where the API can't be reached or wants another token: the rest stays.
        """
        async with self._turn:
            for claim in self._storage.load():
                yield await self._send(claim)
                left = [each for each in self._storage.load() if each.key != claim.key]
                self._storage.save(left)

    async def _send(self, claim: QueuedClaim) -> Replayed:
        try:
            outcome = await self._client.claim_customer(claim.customer_id, claim.key)
        except SeapoolError as error:
            if is_passing(error) or isinstance(error, Unauthenticated):
                raise
            return Replayed(claim, None, error)
        return Replayed(claim, outcome, None)
