"""Claims with idempotency keys and follow-ups, at a fixed rate: a slow answer delays no other."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx2

from benchmarks.faults.machine import Machine
from benchmarks.faults.world import World
from commands.tokens import sign
from models.viewers import Viewer
from schema.base import ids

EVERY_SECONDS = 0.06
BUSY = 3
ATTEMPTS = 4
# Longer than any answer may take, so that a request that hangs is seen.
PATIENCE_SECONDS = 30
CLAIM = """mutation ($id: ID!, $key: String) {
  claimCustomer(customerId: $id, idempotencyKey: $key) { __typename } }"""
FOLLOW_UP = """mutation ($id: ID!, $key: String) {
  logFollowUp(customerId: $id, kind: CALL, note: "called", idempotencyKey: $key) { __typename } }"""
AWAY = "UNAVAILABLE"
Answer = str


@dataclass(frozen=True)
class Claim:
    who: Viewer
    customer: str
    key: str


@dataclass
class Load:
    world: World
    http: httpx2.AsyncClient
    tokens: dict[Any, str]
    acknowledged: list[tuple[Claim, Answer]] = field(default_factory=list)
    # When it was sent, to which port, when it was answered, and what.
    answers: list[tuple[float, int, float, Answer]] = field(default_factory=list)
    every: float = EVERY_SECONDS
    ending: bool = False
    _numbers: Any = field(default_factory=count)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        while not self.ending:
            n = next(self._numbers)
            team = self.world.team
            # A few claim so often that they meet the capacity.
            who = team[n // 2 % BUSY] if n % 2 else team[BUSY + n // 2 % (len(team) - BUSY)]
            customer = self.world.customers[n % len(self.world.customers)]
            claim = Claim(who, ids.encode("Customer", customer), uuid4().hex)
            task = asyncio.create_task(self._one(claim, n))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await asyncio.sleep(self.every)
        await asyncio.gather(*self._tasks)

    async def _one(self, claim: Claim, n: int) -> None:
        """Repeat it with its key at the other API, as a client does that was told to."""
        for attempt in range(ATTEMPTS):
            answer = await self.ask(self._api(n + attempt), claim, CLAIM)
            if answer[0].isupper() and not answer.isupper():
                self.acknowledged.append((claim, answer))
                break
            await asyncio.sleep(1)
        else:
            return
        if answer == "Claimed" and n % 4 == 0:
            await asyncio.sleep(1)
            follow_up = Claim(claim.who, claim.customer, uuid4().hex)
            answer = await self.ask(self._api(n), follow_up, FOLLOW_UP)
            self.acknowledged.append((follow_up, answer))

    def _api(self, n: int) -> Machine:
        return self.world.apis[n % len(self.world.apis)]

    async def ask(self, api: Machine, claim: Claim, document: str) -> Answer:
        """The type of the answer, the code of the error, or "gone" if the connection was lost."""
        body = {"query": document, "variables": {"id": claim.customer, "key": claim.key}}
        headers = {"Authorization": f"Bearer {self.tokens[claim.who.id]}"}
        began = time.time()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                response = await self.http.post(f"{api.url}/graphql", json=body, headers=headers)
            answer = _read(response)
        except TimeoutError:
            answer = "hung"
        except httpx2.TransportError:
            answer = "gone"
        self.answers.append((began, api.port, time.time(), answer))
        return answer


def _read(response: httpx2.Response) -> Answer:
    try:
        answer = response.json()
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        (said,) = answer["data"].values()
        return str(said["__typename"])
    except (ValueError, KeyError):
        return f"HTTP_{response.status_code}"


@contextlib.asynccontextmanager
async def loading(world: World) -> AsyncIterator[Load]:
    tokens = {
        each.id: sign(world.settings, each.id, each.organization.id)
        for each in (*world.team, world.boss)
    }
    limits = httpx2.Limits(max_connections=1_000, max_keepalive_connections=100)
    async with httpx2.AsyncClient(timeout=None, limits=limits, trust_env=False) as http:
        yield Load(world, http, tokens)
