"""Claims at a fixed rate, each repeated with its key until it is answered."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx2

from schema.base import ids

EVERY_SECONDS = 0.05
PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 30.0
CLAIM = """mutation ($id: ID!, $key: String) {
  claimCustomer(customerId: $id, idempotencyKey: $key) { __typename } }"""


@dataclass(frozen=True, slots=True)
class Claim:
    key: str
    answered_at: float


@dataclass
class Load:
    """`done`: what was answered with Claimed. `longest`: seconds of one answer, of any kind."""

    url: str
    tokens: Sequence[str]
    customers: Sequence[UUID]
    done: list[Claim] = field(default_factory=list)
    repeated: int = 0
    longest: float = 0.0
    ending: bool = False

    async def run(self) -> None:
        async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as http:
            claiming: set[asyncio.Task[None]] = set()
            for n, customer in enumerate(self.customers):
                if self.ending:
                    break
                token = self.tokens[n % len(self.tokens)]
                claiming.add(asyncio.create_task(self._claim(http, token, customer)))
                await asyncio.sleep(EVERY_SECONDS)
            await asyncio.gather(*claiming)

    async def _claim(self, http: httpx2.AsyncClient, token: str, customer: UUID) -> None:
        key = uuid4().hex
        variables = {"id": ids.encode("Customer", customer), "key": key}
        while await self._ask(http, token, variables) != "Claimed":
            self.repeated += 1
            await asyncio.sleep(PAUSE_SECONDS)
        self.done.append(Claim(key, time.time()))

    async def _ask(self, http: httpx2.AsyncClient, token: str, variables: dict[str, str]) -> str:
        """Return the type of the answer; the error's code or kind where there is none."""
        began = time.monotonic()
        try:
            answer: Any = (
                await http.post(
                    f"{self.url}/graphql",
                    json={"query": CLAIM, "variables": variables},
                    headers={"Authorization": f"Bearer {token}"},
                )
            ).json()
        except (httpx2.TransportError, ValueError) as fault:
            return type(fault).__name__
        finally:
            self.longest = max(self.longest, time.monotonic() - began)
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        return str(answer["data"]["claimCustomer"]["__typename"])
